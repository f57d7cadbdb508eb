import { resolve } from 'node:path';
import { readHomeId } from '../../supervisor/home/whole-home.ts';
import { readBackupState } from '../state.ts';
import { readFilesRecord, writeFilesRecord } from './files-record.ts';
import type { LogKeeping } from './keep-log.ts';
import { filesTags } from './list-log.ts';
import { readLogRecord } from './log-record.ts';
import { tidyLog } from './tidy-log.ts';
import { folderMark } from './watch-files.ts';

/** Uploads that still arrive. The journal of erasures is stored with the files. */
const UNFINISHED = ['partial', '.spool'];

/** To stay below a twentieth of the time. */
const PAUSE_BY_DURATION = 20;

export interface FilesKeeper {
  /**
   * Stores files that are new, and forgets what the target has twice. What fails is tried again by the next round.
   * @param options.isLast none follows, so that it does not pause
   */
  round(options?: { isLast?: boolean }): Promise<void>;
  /** Ends what is under way, which is no failure of the target. */
  stop(): Promise<void>;
}

/**
 * Stores the files between two backups: a row of the log should have its file. Apart from the log, which does not wait for a large
 * upload. What locks the target is done here as well, so that it waits for files and not the log.
 */
export function createFilesKeeper({
  home,
  place,
  limits,
  now = () => new Date(),
}: Pick<LogKeeping, 'home' | 'place' | 'limits' | 'now'>): FilesKeeper {
  const folder = place.places.files ?? resolve(place.source.UPLOAD_DIR || home.files);
  const stopping = new AbortController();
  let mark: string | undefined;
  let dueAt = 0;
  let tidied: number | undefined;

  async function keep(homeId: string, isLast: boolean): Promise<void> {
    const at = now();
    const found = await folderMark(folder, UNFINISHED);
    const isNew = found !== undefined && found !== mark;
    if (isNew && !isLast && performance.now() < dueAt) return;
    if (isNew) {
      const began = performance.now();
      const exclude = UNFINISHED.map((name) => resolve(folder, name));
      const signal = AbortSignal.any([AbortSignal.timeout(limits.storeFilesMs), stopping.signal]);
      await place.repository.store(folder, { home: homeId, tags: filesTags(at), exclude, isInUse: true, signal });
      const { shortest, longest } = limits.filesMs;
      const pauseMs = Math.min(Math.max((performance.now() - began) * PAUSE_BY_DURATION, shortest), longest);
      dueAt = performance.now() + pauseMs;
      mark = found;
    }
    await writeFilesRecord(home, { archivedAt: at.toISOString() });
  }

  async function tidy(homeId: string): Promise<void> {
    const number = (await readLogRecord(home))?.chapter.number;
    if (tidied !== undefined && number !== tidied) await tidyLog(home, homeId, place.repository);
    tidied = number;
  }

  async function round(isLast: boolean): Promise<void> {
    const homeId = await readHomeId(home);
    const { repository } = await readBackupState(home);
    // The first backup makes the repository.
    if (homeId === undefined || repository?.target !== place.target.repository) return;
    try {
      await keep(homeId, isLast);
    } catch (error) {
      if (!stopping.signal.aborted) {
        const { archivedAt, failure } = (await readFilesRecord(home)) ?? {};
        const at = now().toISOString();
        const message = (error as Error).message.slice(0, 300);
        await writeFilesRecord(home, { archivedAt, failure: { at, since: failure?.since ?? at, message } });
      }
      throw error;
    }
    if (!isLast) await tidy(homeId);
  }

  let current: Promise<void> = Promise.resolve();
  return {
    round({ isLast = false } = {}) {
      current = round(isLast);
      return current;
    },
    async stop() {
      stopping.abort();
      await current.catch(() => {}); // it is reported to who asked for the round
    },
  };
}
