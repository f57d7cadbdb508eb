import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../../kernel/environment.ts';
import type { Log } from '../../kernel/log.ts';
import { LOG_BUDGET_MIB, LOG_KEEP_DAYS } from '../../kernel/variables.ts';
import { diskRoom, isShort } from '../release/disk-room.ts';
import { type LogPart, listParts, logNames } from './log-parts.ts';
import { rotateLog } from './rotate-log.ts';

export interface LogLimits {
  /** Of the file that processes write to. */
  fileBytes: number;
  /** Of all logs together. */
  budgetBytes: number;
  keepDays: number;
}

/** @param source the operator's settings */
export function logLimits(source: Record<string, string | undefined>): LogLimits {
  const settings = readEnvironment([LOG_BUDGET_MIB, LOG_KEEP_DAYS], source);
  return { fileBytes: FILE_BYTES, budgetBytes: settings.LOG_BUDGET_MIB * 1024 ** 2, keepDays: settings.LOG_KEEP_DAYS };
}

const LOOK_MS = 10_000;
const DAY_MS = 86_400_000;
const FILE_BYTES = 20 * 1024 ** 2;
/** Less than a block cannot be taken from the front of a file. */
const SMALLEST_BYTES = 4_096;

/** Looks for logs that have to be rotated, and removes parts that are too old or too much. */
export function startLogKeeping(folder: string, limits: () => LogLimits, log: Log): { stop(): Promise<void> } {
  let current: Promise<void> | undefined;
  const look = () => {
    current ??= diskRoom(folder)
      .then((room) => keepLogs(folder, isShort(room) ? lessOf(limits()) : limits(), new Date()))
      .catch((error: unknown) => log.error({ error }, 'Rotate logs failed; it is tried again'))
      .finally(() => {
        current = undefined;
      });
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await current;
    },
  };
}

/** Where the disk is short. */
export const lessOf = (limits: LogLimits): LogLimits => ({ ...limits, budgetBytes: limits.budgetBytes / 4 });

/** Rotates what has grown large or is older than a day, so that age can be told by parts, and removes what is beyond the limits. */
export async function keepLogs(folder: string, limits: LogLimits, now: Date): Promise<void> {
  const logs = (await logNames(folder)).map((name) => join(folder, `${name}.log`));
  // What has to go makes room for what comes.
  for (const { path } of await partsBeyond(logs, limits, now)) await rm(path, { force: true });
  for (const path of logs) {
    const { size, birthtime } = await stat(path);
    const since = (await listParts(path)).at(-1)?.endedAt ?? birthtime;
    const isOld = size > SMALLEST_BYTES && now.getTime() - since.getTime() > DAY_MS;
    if (size > limits.fileBytes || isOld) await rotateLog(path, now);
  }
  for (const { path } of await partsBeyond(logs, limits, now)) await rm(path, { force: true });
}

interface KeptLog {
  /** Of the file itself. */
  bytes: number;
  /** Oldest first. */
  parts: readonly LogPart[];
}

/** @param logs paths of their files */
export async function partsBeyond(logs: readonly string[], limits: LogLimits, now: Date): Promise<LogPart[]> {
  const kept = await Promise.all(
    logs.map(async (log) => ({ bytes: (await stat(log)).size, parts: await listParts(log) })),
  );
  return partsToRemove(kept, limits, now);
}

/**
 * Parts beyond the age, then those beyond the budget: always the oldest one of the log that takes most, so that one which writes a lot costs
 * the others nothing.
 */
export function partsToRemove(
  logs: readonly KeptLog[],
  { budgetBytes, keepDays }: Pick<LogLimits, 'budgetBytes' | 'keepDays'>,
  now: Date,
): LogPart[] {
  const isOld = ({ endedAt }: LogPart) => now.getTime() - endedAt.getTime() > keepDays * DAY_MS;
  const removed = logs.flatMap(({ parts }) => parts.filter(isOld));
  const left = logs.map(({ bytes, parts }) => ({ bytes, parts: parts.filter((part) => !isOld(part)) }));
  const sizeOf = ({ bytes, parts }: (typeof left)[number]) => parts.reduce((sum, part) => sum + part.bytes, bytes);
  let total = left.reduce((sum, log) => sum + sizeOf(log), 0);
  while (total > budgetBytes) {
    const [largest] = left.filter(({ parts }) => parts.length > 0).toSorted((a, b) => sizeOf(b) - sizeOf(a));
    const oldest = largest?.parts.shift();
    if (oldest === undefined) break;
    total -= oldest.bytes;
    removed.push(oldest);
  }
  return removed;
}
