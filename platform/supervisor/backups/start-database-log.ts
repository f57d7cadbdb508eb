import { setTimeout as sleep } from 'node:timers/promises';
import { openBackupPlace } from '../../backup/backup-place.ts';
import { readBackupSettings } from '../../backup/backup-settings.ts';
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

/** Keeps the log of the embedded database at BACKUP_TO while the platform runs, and gives it up when BACKUP_TO goes. */
export function startDatabaseLog({ home, live, composition, log, postgres, pace = PACE }: LogOptions): KeptLog {
  const stopping = new AbortController();
  let current: { keeper: LogKeeper | undefined; settings: string } | undefined;

  /** Undefined where nothing is to be kept. */
  async function keeper(url: () => string): Promise<LogKeeper | undefined> {
    const settings = keptBy(live.source);
    if (current?.settings === settings) return current.keeper;
    await current?.keeper?.stop();
    current = undefined;
    if (isWanted(live.source)) {
      const place = await openBackupPlace(home, {
        settings: readBackupSettings(live.source),
        source: live.source,
        variables: composition.variables,
      });
      const { postgres: programs } = await findBinaries(['postgres']);
      const limits = await logLimits(home.root);
      current = { settings, keeper: createLogKeeper({ home, databaseUrl: url, programs, place, limits, log }) };
    } else {
      await giveUp(home, url());
      current = { settings, keeper: undefined };
    }
    return current.keeper;
  }

  async function run(url: () => string): Promise<void> {
    let failed = '';
    await sleep(pace.firstMs, undefined, { signal: stopping.signal });
    while (!stopping.signal.aborted) {
      try {
        await (await keeper(url))?.round();
        if (failed !== '') log.info('Log of the database is kept again');
        failed = '';
      } catch (error) {
        const { message } = error as Error;
        if (!stopping.signal.aborted && message !== failed) {
          log.error({ error }, 'Log of the database could not be kept; it is tried again');
        }
        failed = message;
      }
      await sleep(pace.roundMs, undefined, { signal: stopping.signal });
    }
  }

  const running = postgres ? run(() => postgres.service.url).catch(() => {}) : Promise.resolve();
  return {
    async stop() {
      stopping.abort();
      await current?.keeper?.stop();
      await running;
    },
    async finish() {
      stopping.abort();
      // A target that does not answer keeps no one from ending.
      const late = setTimeout(() => void current?.keeper?.stop(), LAST_ROUND_MS);
      await running;
      clearTimeout(late);
      await current?.keeper?.finish().catch((error: unknown) => {
        log.warn({ error }, 'The end of the database log could not be stored; the next start does it');
      });
    },
  };
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
}
