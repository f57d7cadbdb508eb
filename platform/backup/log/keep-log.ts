import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../kernel/log.ts';
import type { Home } from '../../services/home.ts';
import { readHomeId } from '../../supervisor/home/whole-home.ts';
import type { BackupPlace } from '../backup-place.ts';
import { backupFolder, readBackupState } from '../state.ts';
import { cutPieces, LogGap, type Taken } from './cut-pieces.ts';
import type { LogLimits } from './log-limits.ts';
import { type LogRecord, readLogRecord, writeLogRecord } from './log-record.ts';
import { createLogStream } from './log-stream.ts';
import { isChapterFull, piecesFolder, removeClosed, storeChapter } from './store-chapter.ts';

export interface LogKeeping {
  home: Home;
  /** How the owner reaches the embedded server. */
  databaseUrl: () => string;
  /** Folder of PostgreSQL's programs. */
  programs: string;
  place: Pick<BackupPlace, 'target' | 'repository' | 'places' | 'source'>;
  limits: LogLimits;
  log: Log;
  now?: () => Date;
}

export interface LogKeeper {
  /** Receives what is new and has it stored at the target. What fails is tried again by the next round. */
  round(): Promise<void>;
  /** Stores what was received, without asking the server, which may have ended. */
  finish(): Promise<void>;
  /** Ends the receiver; the server keeps what follows for the next one. */
  stop(): Promise<void>;
}

/** What the end of the platform waits for; the next start stores the rest. */
const FINISH_MS = 10_000;

/** Keeps the log of the embedded server at the target of the backups, so that a restore reaches any moment. One at a time for a home. */
export function createLogKeeper(keeping: LogKeeping): LogKeeper {
  const { home, place, limits, now = () => new Date() } = keeping;
  const folder = join(backupFolder(home), 'log');
  const received = join(folder, 'received');
  const stream = createLogStream(keeping, { folder, received });
  const stopping = new AbortController();

  async function keep(record: LogRecord, until: Date | undefined, storeMs: number): Promise<void> {
    const taken = await take(record);
    if (taken === undefined) return;
    const known = { ...record, from: record.from ?? taken.from, chapter: { from: taken.from, ...record.chapter } };
    const homeId = await readHomeId(home);
    const { repository } = await readBackupState(home);
    // The first backup makes the repository.
    if (homeId === undefined || repository?.target !== place.target.repository) return writeLogRecord(home, known);
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(storeMs), stopping.signal]);
      await store({ record: known, homeId, to: taken.to, until, signal });
    } catch (error) {
      const at = now().toISOString();
      const message = (error as Error).message.slice(0, 300);
      const latest = (await readLogRecord(home)) ?? known;
      await writeLogRecord(home, { ...latest, failure: { at, since: record.failure?.since ?? at, message } });
      throw error;
    }
  }

  async function store({ record, homeId, to, until, signal }: Storing): Promise<void> {
    const at = until ?? new Date(record.archivedAt ?? record.chapter.beganAt);
    const isKnown = to === record.stored && !isUntold(record, until);
    if (!isKnown) await storeChapter(place.repository, { home: homeId, folder, record, to, until: at, signal });
    const { failure: _, ...kept } = record;
    let next: LogRecord = {
      ...{ ...kept, stored: to },
      ...(until && { archivedAt: until.toISOString() }),
      ...(!isKnown && { toldAt: at.toISOString() }),
    };
    const isFull = await isChapterFull(folder, next, limits, now());
    if (isFull) {
      next = { ...next, chapter: { number: next.chapter.number + 1, from: to, beganAt: now().toISOString() } };
    }
    await writeLogRecord(home, next);
    if (isFull) await removeClosed(folder, next);
  }

  /** A restore elsewhere has to learn that nothing was committed: the target knows no more than it was told. */
  const isUntold = ({ toldAt }: LogRecord, until: Date | undefined): boolean =>
    until !== undefined && until.getTime() - Date.parse(toldAt ?? '1970-01-01') >= limits.tellMs;

  async function take({ timeline, chapter }: LogRecord): Promise<Taken | undefined> {
    if (!existsSync(received)) return undefined;
    const pieces = piecesFolder(folder, { chapter });
    try {
      return await cutPieces({ received, pieces, timeline, from: chapter.from });
    } catch (error) {
      if (error instanceof LogGap) stream.giveUp();
      throw error;
    }
  }

  return {
    async round() {
      const { record, until } = await stream.receive();
      await keep(record, until, limits.storeMs);
    },
    async finish() {
      await stream.stop();
      const record = await readLogRecord(home);
      if (record) await keep(record, undefined, FINISH_MS);
    },
    async stop() {
      stopping.abort();
      await stream.stop();
    },
  };
}

interface Storing {
  record: LogRecord;
  homeId: string;
  to: number;
  until: Date | undefined;
  signal: AbortSignal;
}
