import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../kernel/replace-file.ts';
import type { Home } from '../services/home.ts';
import { readIfExists } from '../services/processes.ts';
import { type FilesRecord, readFilesRecord } from './log/files-record.ts';
import { type LogRecord, readLogRecord } from './log/log-record.ts';

/** What is known of this home's backups without asking the target: for metrics, alerts and `pandect doctor`. */
const stateSchema = z.object({
  /** The repository that was made or found at the target. Another one there is a mistake: an empty mount, or a mistyped name. */
  repository: z.object({ target: z.string(), id: z.string() }).optional(),
  /** The newest complete backup, its content checked and older ones removed. */
  newest: z
    .object({
      id: z.string(),
      startedAt: z.iso.datetime(),
      finishedAt: z.iso.datetime(),
      seconds: z.number(),
      /** Of its content, and what it added to the repository. */
      bytes: z.number(),
      added: z.number(),
      /** Where it is; of earlier versions unknown. */
      target: z.string().optional(),
      /** The stream of the log that continues it. */
      stream: z.string().optional(),
    })
    .optional(),
  /** When the first backup was complete that a drill can restore; a dump is none. */
  provableSince: z.iso.datetime().optional(),
  /** Since when removing what is too old is put off, as others work on the repository. */
  untidySince: z.iso.datetime().optional(),
  /** The last attempt, when it failed. */
  failure: z.object({ at: z.iso.datetime(), message: z.string() }).optional(),
  /** The last time that everything in the repository was read back. */
  verified: z.object({ at: z.iso.datetime(), id: z.string(), seconds: z.number() }).optional(),
  drill: z
    .object({
      at: z.iso.datetime(),
      id: z.string(),
      seconds: z.number(),
      isPassed: z.boolean(),
      succeededAt: z.iso.datetime().optional(),
    })
    .optional(),
  /** The recovery sheet was printed. */
  sheetAt: z.iso.datetime().optional(),
});

export interface BackupState extends z.output<typeof stateSchema> {
  /** All that was committed by then is at the target; undefined where the log is not kept. Its own file knows. */
  walArchivedAt?: string | undefined;
  log?: LogRecord | undefined;
  /** Of the files between two backups. */
  files?: FilesRecord | undefined;
}

export const backupFolder = (home: Pick<Home, 'root'>): string => join(home.root, 'backup');
const statePath = (home: Pick<Home, 'root'>) => join(backupFolder(home), 'state.json');

/** Empty before the first backup. */
export async function readBackupState(home: Pick<Home, 'root'>): Promise<BackupState> {
  const [text, log, files] = await Promise.all([
    readIfExists(statePath(home)),
    readLogRecord(home),
    readFilesRecord(home),
  ]);
  const between = { ...(log && { log, walArchivedAt: log.archivedAt }), ...(files && { files }) };
  if (text === undefined) return between;
  try {
    return { ...stateSchema.parse(JSON.parse(text)), ...between };
  } catch (cause) {
    throw new Error(`Read "${statePath(home)}": not readable; remove it`, { cause });
  }
}

/** A clock is set back by less. */
const LARGEST_CORRECTION_MS = 24 * 3_600_000;

/**
 * Without the newest backup and the drills of more than a day after `now`: the clock was ahead when they were made, and they would count as
 * new until it is there again.
 */
export function withoutFuture(state: BackupState, now: Date): BackupState {
  const isFuture = (at: string) => Date.parse(at) - now.getTime() > LARGEST_CORRECTION_MS;
  const { newest, drill, ...rest } = state;
  return {
    ...rest,
    ...(newest && !isFuture(newest.startedAt) && { newest }),
    ...(drill && !isFuture(drill.at) && { drill }),
  };
}

/** Only who holds the lock of the backups changes it. */
export async function changeBackupState(
  home: Pick<Home, 'root'>,
  change: Partial<Omit<BackupState, 'log' | 'walArchivedAt' | 'files'>>,
): Promise<void> {
  const { log, walArchivedAt, files, ...kept } = await readBackupState(home);
  const state = { ...kept, ...change };
  await replaceFile(statePath(home), `${JSON.stringify(state, null, 1)}\n`, { flush: true });
}
