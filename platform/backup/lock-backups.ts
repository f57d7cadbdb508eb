import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Home } from '../services/home.ts';
import { backupFolder } from './state.ts';

export class BackupsInUse extends Error {}

/** The hourly work on the log is short. */
const PATIENCE_MS = 10_000;

/**
 * One backup, verification or drill of a home at a time. The lock ends with the process, however that ends.
 * @param options.patienceMs how long to wait for another one
 * @throws BackupsInUse when another one works
 */
export async function withBackupLock<T>(
  home: Home,
  work: () => Promise<T>,
  { patienceMs = PATIENCE_MS }: { patienceMs?: number } = {},
): Promise<T> {
  await mkdir(backupFolder(home), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(backupFolder(home), 'lock'), { timeout: patienceMs });
  try {
    try {
      lock.exec('begin exclusive');
    } catch (cause) {
      throw new BackupsInUse(`Work on backups of "${home.root}": another command works on them`, { cause });
    }
    return await work();
  } finally {
    lock.close();
  }
}
