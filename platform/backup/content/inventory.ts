import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readIfExists } from '../../services/processes.ts';

/** A stored file. */
export interface InventoryEntry {
  /** Within its folder. */
  path: string;
  bytes: number;
  sha256: string;
  /** When the file was changed last, in milliseconds since the epoch. */
  changedMs: number;
}

export interface Part {
  count: number;
  bytes: number;
  sha256: string;
}

/**
 * All files of a folder with their hashes, in order of their paths. A file that has the size and the time that it had in an
 * earlier inventory is not read again. Files that are deleted during the walk are left out.
 * @param skip names in the folder itself
 */
export async function takeInventory(
  folder: string,
  { known = [], skip = [] }: { known?: readonly InventoryEntry[]; skip?: readonly string[] } = {},
): Promise<InventoryEntry[]> {
  const earlier = new Map(known.map((entry) => [entry.path, entry]));
  const entries: InventoryEntry[] = [];
  for await (const path of filesIn(folder, skip)) {
    const found = await stat(join(folder, path)).catch(missing);
    if (!found) continue;
    const before = earlier.get(path);
    const changedMs = Math.trunc(found.mtimeMs);
    const isSame = before?.bytes === found.size && before.changedMs === changedMs;
    const sha256 = isSame ? before.sha256 : await hashFile(join(folder, path)).catch(missing);
    if (sha256 !== undefined) entries.push({ path, bytes: found.size, sha256, changedMs });
  }
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** How many files a folder holds and how large they are together; none of them is read. */
export async function measureFolder(folder: string): Promise<Pick<Part, 'count' | 'bytes'>> {
  const measured = { count: 0, bytes: 0 };
  for await (const path of filesIn(folder, [])) {
    measured.count += 1;
    measured.bytes += (await stat(join(folder, path))).size;
  }
  return measured;
}

async function* filesIn(folder: string, skip: readonly string[]): AsyncGenerator<string> {
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (!skip.includes(path.split('/')[0] ?? '')) yield path;
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** SHA-256 in hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** One line a file: hash, bytes, time, path. */
export const writeInventory = (entries: readonly InventoryEntry[]): string =>
  entries.map(({ sha256, bytes, changedMs, path }) => `${sha256}\t${bytes}\t${changedMs}\t${path}\n`).join('');

export const parseInventory = (text: string): InventoryEntry[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [sha256 = '', bytes, changedMs, ...path] = line.split('\t');
      return { sha256, bytes: Number(bytes), changedMs: Number(changedMs), path: path.join('\t') };
    });

/** The one kept at a path; empty when there is none yet. */
export const readInventory = async (path: string): Promise<InventoryEntry[]> =>
  parseInventory((await readIfExists(path)) ?? '');

export const summarize = (entries: readonly InventoryEntry[]): Part => ({
  count: entries.length,
  bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
  sha256: createHash('sha256')
    .update(entries.map(({ sha256, path }) => `${sha256} ${path}\n`).join(''))
    .digest('hex'),
});
