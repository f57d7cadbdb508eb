import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../kernel/replace-file.ts';

/*
 * Numeric users and groups of one home, which have no entry in /etc/passwd. The range is one that systemd and Debian leave
 * unused. Which home has an id is noted on the host, so that platforms side by side share none; the home keeps its own, so that
 * files stay with their owner.
 */
const FIRST_ID = 60_706;
const LAST_ID = 61_183;
const REGISTRY = '/var/lib/pandect-ids';

export const isProcessId = (id: number): boolean => id >= FIRST_ID && id <= LAST_ID;

export const USER_IDS = 'user-ids.json';
const recordOf = (root: string) => join(root, USER_IDS);

/**
 * Ids for these names, made where they are missing. One at a time for a home; the range is shared without locks.
 * @param root of a home, without symbolic links
 * @throws when the host has no id left
 */
export async function userIds(root: string, names: readonly string[]): Promise<Record<string, number>> {
  const known: Record<string, number> = existsSync(recordOf(root))
    ? JSON.parse(await readFile(recordOf(root), 'utf8'))
    : {};
  const ids = { ...known };
  for (const name of names) {
    const id = known[name];
    if (id === undefined || !(await take(id, root))) ids[name] = await takeNext(root, ids);
  }
  if (names.some((name) => ids[name] !== known[name])) await replaceFile(recordOf(root), JSON.stringify(ids));
  return ids;
}

async function takeNext(root: string, ids: Record<string, number>): Promise<number> {
  const used = new Set(Object.values(ids));
  for (let id = FIRST_ID; id <= LAST_ID; id++) {
    if (!used.has(id) && (await take(id, root))) return id;
  }
  throw new Error(`Prepare home "${root}": all user ids from ${FIRST_ID} to ${LAST_ID} are in use; see ${REGISTRY}`);
}

/** Whether an id belongs to this home from now on, or did before. One of a home that is gone is free. */
async function take(id: number, root: string): Promise<boolean> {
  const path = join(REGISTRY, String(id));
  await mkdir(REGISTRY, { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      await writeFile(path, root, { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readFile(path, 'utf8').catch(() => '');
    if (owner === root) return true;
    if (owner === '' || existsSync(recordOf(owner))) return false;
    await rm(path, { force: true });
  }
}
