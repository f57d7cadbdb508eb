import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flushFolder } from '../../kernel/replace-file.ts';
import { FileMissing, type FileStorage, withinFile } from './contract.ts';
import { isStorageKey, requireStorageKey } from './storage-key.ts';
import { partSuffix, writePart } from './write-part.ts';

/** A part this old belongs to a process that is gone: no upload may take so long. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/**
 * Files in a local directory. A file appears under its key only when all of it is on the disk: it is written next to
 * its place as a part, synced, then renamed. `list` also drops parts that a killed process left a day ago.
 */
export function createLocalStorage({ directory }: { directory: string }): FileStorage {
  const pathOf = (key: string) => join(directory, requireStorageKey(key));

  return {
    async write(key, content, { maxBytes, signal }) {
      const path = pathOf(key);
      const part = `${path}.${randomUUID()}${partSuffix}`;
      // The client may go while the folder is made, when no one listens yet; the pipeline then reports it.
      content.on('error', () => {});
      try {
        await mkdir(dirname(path), { recursive: true });
        const stored = await writePart(part, content, { maxBytes, signal, isFlushed: true });
        await rename(part, path);
        await flushFolder(dirname(path));
        return stored;
      } catch (error) {
        content.destroy();
        await rm(part, { force: true });
        throw error;
      }
    },

    async read(key, range) {
      const file = await missingAsSuch(key, open(pathOf(key), 'r'));
      try {
        const { size } = await file.stat();
        if (!range) return { stream: file.createReadStream(), bytes: size, size };
        const { start, end } = withinFile(key, range, size);
        return { stream: file.createReadStream({ start, end }), bytes: end - start + 1, size };
      } catch (error) {
        await file.close();
        throw error;
      }
    },

    async open(key) {
      const path = pathOf(key);
      await missingAsSuch(key, access(path, constants.R_OK));
      return { path, release: async () => {} };
    },

    async presign(key) {
      requireStorageKey(key);
      return undefined;
    },

    async remove(key) {
      await rm(pathOf(key), { force: true });
    },

    async has(key) {
      return (await statOf(pathOf(key))) !== undefined;
    },

    async *list() {
      for (const folder of await namesIn(directory)) {
        for (const name of await namesIn(join(directory, folder))) {
          const path = join(directory, folder, name);
          const key = `${folder}/${name}`;
          const found = await statOf(path);
          if (found === undefined) continue;
          const { mtime: changedAt, size: bytes } = found;
          if (isStorageKey(key)) yield { key, changedAt, bytes };
          else if (name.endsWith(partSuffix) && Date.now() - changedAt.getTime() > abandonedAfterMs) {
            await rm(path, { force: true });
          }
        }
      }
    },

    async check() {
      await mkdir(directory, { recursive: true });
      const probe = join(directory, `${randomUUID()}${partSuffix}`);
      await (await open(probe, 'wx', 0o660)).close();
      await rm(probe);
    },
  };
}

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

async function missingAsSuch<T>(key: string, use: Promise<T>): Promise<T> {
  try {
    return await use;
  } catch (error) {
    throw isMissing(error) ? new FileMissing(key) : error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
