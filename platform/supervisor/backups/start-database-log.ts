import { setTimeout as sleep } from 'node:timers/promises';
import { openBackupPlace } from '../../backup/backup-place.ts';
import { readBackupSettings } from '../../backup/backup-settings.ts';
import { removeFilesRecord } from '../../backup/log/files-record.ts';
import { createFilesKeeper, type FilesKeeper } from '../../backup/log/keep-files.ts';
import { createLogKeeper, type LogKeeper } from '../../backup/log/keep-log.ts';
import { logLimits } from '../../backup/log/log-limits.ts';
import { readLogRecord, removeLogRecord } from '../../backup/log/log-record.ts';
import { withLogSource } from '../../backup/log/replication-slot.ts';
import type { Composition } from '../../kernel/composition.ts';
import type { Log } from '../../kernel/log.ts';
import { findBinaries } from '../../services/binaries.ts';
import type { Home } from '../../services/home.ts';
import type { LiveSettings } from '../settings.ts';
import type { WatchedService } from '../upkeep.ts';

/** With the time of a round, what is committed is at the target within a minute. */
const PACE = { firstMs: 2_000, roundMs: 20_000 };
/** For a round that is under way at the end. */
const LAST_ROUND_MS = 10_000;

interface LogOptions {
  home: Home;
  live: LiveSettings;
  composition: Pick<Composition, 'variables'>;
  log: Log;
  /** The embedded server; undefined where the database is someone else's. */
  postgres: WatchedService | undefined;
  /** Before the first round, and between two. */
  pace?: { firstMs: number; roundMs: number };
}

export interface KeptLog {
  /** Leaves the server and what it keeps to the next supervisor. */
  stop(): Promise<void>;
  /** After the server has ended: stores its last words. */
  finish(): Promise<void>;
}

/**
 * Keeps the log of the embedded database, and its files, at BACKUP_TO while the platform runs, and gives it up when BACKUP_TO goes. The two
 * do not wait for each other.
 */
export function startDatabaseLog({ home, live, composition, log, postgres, pace = PACE }: LogOptions): KeptLog {
  const stopping = new AbortController();
  let current: { settings: string; keepers: Keepers | undefined } | undefined;

  /** Those of the settings as they are now; undefined where nothing is to be kept. */
  async function openKeepers(url: () => string): Promise<Keepers | undefined> {
    const settings = keptBy(live.source);
    if (current?.settings === settings) return current.keepers;
    const before = current?.keepers;
    // First, so that no round of files begins any more.
    current = undefined;
    await Promise.all([before?.files.stop(), before?.log.stop()]);
    if (isWanted(live.source)) {
      const place = await openBackupPlace(home, {
        settings: readBackupSettings(live.source),
        source: live.source,
        variables: composition.variables,
      });
      const { postgres: programs } = await findBinaries(['postgres']);
      const keeping = { home, databaseUrl: url, programs, place, limits: await logLimits(home.root), log };
      current = { settings, keepers: { log: createLogKeeper(keeping), files: createFilesKeeper(keeping) } };
    } else {
      await giveUp(home, url());
      current = { settings, keepers: undefined };
    }
    return current.keepers;
  }

  async function repeat(what: string, round: () => Promise<void>): Promise<void> {
    let failed = '';
    const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {});
    await pause(pace.firstMs);
    while (!stopping.signal.aborted) {
      try {
        await round();
        if (failed !== '') log.info({ what }, 'Backups between two backups work again');
        failed = '';
      } catch (error) {
        const { message } = error as Error;
        if (!stopping.signal.aborted && message !== failed) {
          log.error({ what, error }, 'Changes since the last backup could not be stored; it is tried again');
        }
        failed = message;
      }
      await pause(pace.roundMs);
    }
  }

  const url = postgres && (() => postgres.service.url);
  const logRounds = url && repeat('database log', async () => (await openKeepers(url))?.log.round());
  const fileRounds = url && repeat('files', async () => current?.keepers?.files.round());

  const stopLog = () => current?.keepers?.log.stop();
  const stopFiles = () => current?.keepers?.files.stop();
  return {
    async stop() {
      stopping.abort();
      await Promise.all([stopFiles(), stopLog()]);
      await Promise.all([logRounds, fileRounds]);
    },
    async finish() {
      stopping.abort();
      const finishLog = async () => {
        await inTime(async () => logRounds, stopLog);
        await current?.keepers?.log.finish();
      };
      const finishFiles = async () => {
        await fileRounds;
        await current?.keepers?.files.round({ isLast: true });
      };
      const [ofLog, ofFiles] = await Promise.allSettled([finishLog(), inTime(finishFiles, stopFiles)]);
      for (const ended of [ofLog, ofFiles]) {
        if (ended.status === 'fulfilled') continue;
        log.warn({ error: ended.reason }, 'The last changes could not be stored; the next start does it');
      }
    },
  };
}

interface Keepers {
  log: LogKeeper;
  files: FilesKeeper;
}

/** A target that does not answer keeps no one from ending. */
async function inTime(work: () => Promise<void>, stop: () => unknown): Promise<void> {
  const late = setTimeout(stop, LAST_ROUND_MS);
  try {
    await work();
  } finally {
    clearTimeout(late);
  }
}

const isWanted = (source: LiveSettings['source']) => Boolean(source.BACKUP_TO) && source.BACKUP_SCHEDULE !== 'off';

const keptBy = (source: LiveSettings['source']) =>
  JSON.stringify(Object.entries(source).filter(([name]) => name.startsWith('BACKUP_') || name === 'UPLOAD_DIR'));

/** A slot that no one reads would keep log for nothing. */
async function giveUp(home: Home, url: string): Promise<void> {
  await withLogSource(url, async (source) => {
    await source.detachReceiver();
    await source.dropSlot();
  });
  if (await readLogRecord(home)) await removeLogRecord(home);
  await removeFilesRecord(home);
}
