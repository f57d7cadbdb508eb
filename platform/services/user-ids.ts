import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { replaceFile } from '../kernel/replace-file.ts';

/*
 * Numeric users and groups of one home, which have no entry in /etc/passwd. The range is one that systemd and Debian leave
 * unused. Which home has an id is noted on the host, so that platforms side by side share none; the home keeps its own, so that
 * files stay with their owner.
 */
const FIRST_ID = 60_706;
const LAST_ID = 61_183;
/** Both ends belong to it. */
interface IdRange {
  first: number;
  last: number;
}
const REGISTRY = '/var/lib/pandect-ids';

export const isProcessId = (id: number): boolean => id >= FIRST_ID && id <= LAST_ID;

export const USER_IDS = 'user-ids.json';
const recordOf = (root: string) => join(root, USER_IDS);

/**
 * Ids for these names, made where they are missing. One at a time for a home.
 * @param root of a home, without symbolic links
 * @param range of ids; tests give a narrow one
 * @throws when the host has no id left
 */
export async function userIds(
  root: string,
  names: readonly string[],
  range: IdRange = { first: FIRST_ID, last: LAST_ID },
): Promise<Record<string, number>> {
  const known: Record<string, number> = existsSync(recordOf(root))
    ? JSON.parse(await readFile(recordOf(root), 'utf8'))
    : {};
  const ids = { ...known };
  alone(() => {
    for (const name of names) {
      const id = known[name];
      if (id === undefined || !take(id, root)) ids[name] = takeNext(root, ids, range);
    }
  });
  if (names.some((name) => ids[name] !== known[name])) await replaceFile(recordOf(root), JSON.stringify(ids));
  return ids;
}

function takeNext(root: string, ids: Record<string, number>, { first, last }: IdRange): number {
  const used = new Set(Object.values(ids));
  for (let id = first; id <= last; id++) {
    if (!used.has(id) && take(id, root)) return id;
  }
  throw new Error(`Prepare home "${root}": all user ids from ${first} to ${last} are in use; see ${REGISTRY}`);
}

/** Whether an id belongs to this home from now on, or did before. One of a home that is gone is free. */
function take(id: number, root: string): boolean {
  const path = join(REGISTRY, String(id));
  const owner = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (owner === root) return true;
  // A home that starts for the first time has no record yet.
  if (owner !== '' && existsSync(owner)) return false;
  writeFileSync(path, root, { mode: 0o600 });
  return true;
}

/** Runs it while no other start on this host looks at the ids. It must not wait, as others wait for it with their whole process. */
function alone<T>(work: () => T): T {
  mkdirSync(REGISTRY, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(REGISTRY, 'lock'), { timeout: 10_000 });
  try {
    lock.exec('begin exclusive');
    return work();
  } finally {
    lock.close();
  }
}
