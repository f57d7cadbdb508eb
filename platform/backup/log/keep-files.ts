import { resolve } from 'node:path';
import type { LogKeeping } from './keep-log.ts';
import { filesTags } from './list-log.ts';
import { folderMark } from './watch-files.ts';

/** Uploads that still arrive. The journal of erasures is stored with the files. */
const UNFINISHED = ['partial', '.spool'];

/** To stay below a twentieth of the time. */
const PAUSE_BY_DURATION = 20;

/**
 * Stores the files between two backups, when there are new ones: a row of the log should have its file.
 * @returns of `keep`: all files that had been stored by then are at the target; undefined when it is not yet time
 */
export function createFilesKeeper({ home, place, limits, now = () => new Date() }: LogKeeping) {
  const folder = place.places.files ?? resolve(place.source.UPLOAD_DIR || home.files);
  let mark: string | undefined;
  let dueAt = 0;
  return {
    async keep(homeId: string, signal: AbortSignal): Promise<Date | undefined> {
      const at = now();
      const found = await folderMark(folder, UNFINISHED);
      if (found === undefined || found === mark) return at;
      if (performance.now() < dueAt) return undefined;
      const began = performance.now();
      const exclude = UNFINISHED.map((name) => resolve(folder, name));
      await place.repository.store(folder, { home: homeId, tags: filesTags(at), exclude, isInUse: true, signal });
      const { shortest, longest } = limits.filesMs;
      const pauseMs = Math.min(Math.max((performance.now() - began) * PAUSE_BY_DURATION, shortest), longest);
      dueAt = performance.now() + pauseMs;
      mark = found;
      return at;
    },
  };
}
