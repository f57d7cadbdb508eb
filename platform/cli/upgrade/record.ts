import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';

const build = z.object({
  version: z.string(),
  /** Git revision, `+` behind it when files had been changed since; null where there is none. */
  revision: z.string().nullable(),
});

const record = z.object({
  /** running → done → undone; running → undone. One that is running and has no process was cut off, and is continued by the next. */
  state: z.enum(['running', 'done', 'undone']),
  startedAt: z.string(),
  from: build,
  to: build,
  /** Releases that served before it, by the unit's name. */
  before: z.record(z.string(), z.string()),
  /** Id of the backup that it made; null without one. */
  backup: z.string().nullable(),
  /** The backup was made and read back, or was not wanted. */
  isBackedUp: z.boolean(),
  isMigrated: z.boolean(),
});

/** The last upgrade of a home, for the next command that continues or undoes it. */
export type UpgradeRecord = z.output<typeof record>;
export type Build = z.output<typeof build>;

const recordPath = (home: Pick<Home, 'root'>) => join(home.root, 'upgrade.json');

/** Undefined before the first upgrade. @throws when it is not readable */
export async function readRecord(home: Pick<Home, 'root'>): Promise<UpgradeRecord | undefined> {
  const text = await readFile(recordPath(home), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return record.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`Read "${recordPath(home)}": not readable; move it away to upgrade without it`, { cause });
  }
}

export const writeRecord = (home: Pick<Home, 'root'>, content: UpgradeRecord): Promise<void> =>
  replaceFile(recordPath(home), `${JSON.stringify(content, null, 1)}\n`, { flush: true });

/** One upgrade of a home at a time; the lock ends with the process. @throws when another one works */
export async function withUpgradeLock<T>(home: Pick<Home, 'root'>, work: () => Promise<T>): Promise<T> {
  const lock = new DatabaseSync(join(home.root, 'upgrade.lock'));
  try {
    try {
      lock.exec('begin exclusive');
    } catch (cause) {
      throw new Error(`Upgrade "${home.root}": another upgrade is running`, { cause });
    }
    return await work();
  } finally {
    lock.close();
  }
}
