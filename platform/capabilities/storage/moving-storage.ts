import { randomUUID } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { FileMissing, type FileStorage } from './contract.ts';
import { takeHostLock } from './host-lock.ts';
import { partSuffix } from './write-part.ts';

/** Longer than the move of the largest file takes. */
const MOVE_MS = 600_000;

/** Runs while no other process of this machine moves, replaces or removes the file. */
export async function withFileLock<T>(key: string, use: () => Promise<T>): Promise<T> {
  const lock = await takeHostLock(`file/${key}`, () => {}, AbortSignal.timeout(MOVE_MS));
  try {
    return await use();
  } finally {
    await lock.release();
  }
}

/**
 * New files go to one storage, while another still holds earlier ones, which `moveFiles` may be moving at this moment. The earlier
 * one is asked first: a file leaves it only when it is in the other.
 */
export function createMovingStorage({ to, from }: { to: FileStorage; from: FileStorage }): FileStorage {
  /** What an earlier file is needed for, or else the same of the other storage. */
  async function either<T>(use: (storage: FileStorage) => Promise<T>): Promise<T> {
    try {
      return await use(from);
    } catch (error) {
      if (!(error instanceof FileMissing)) throw error;
      return use(to);
    }
  }

  /** Under a name of its own, at which it stays when it is moved. */
  async function openEarlier(key: string) {
    const { path } = await from.open(key);
    const own = `${path}.${randomUUID()}${partSuffix}`;
    await link(path, own).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new FileMissing(key) : error;
    });
    return { path: own, release: () => rm(own, { force: true }) };
  }

  return {
    async write(key, content, options) {
      content.on('error', () => {});
      if (!(await from.has(key))) return to.write(key, content, options);
      return withFileLock(key, async () => {
        const stored = await to.write(key, content, options);
        await from.remove(key);
        return stored;
      });
    },
    read: (key, range) => either((storage) => storage.read(key, range)),
    open: (key) => either((storage) => (storage === from ? openEarlier(key) : storage.open(key))),
    presign: async (key, shown) => ((await from.has(key)) ? undefined : to.presign(key, shown)),
    async remove(key) {
      if (!(await from.has(key))) return to.remove(key);
      return withFileLock(key, async () => {
        await from.remove(key);
        await to.remove(key);
      });
    },
    has: async (key) => (await from.has(key)) || to.has(key),
    // In this order, or a file that is moved in between would be listed in neither.
    async *list() {
      const listed = new Set<string>();
      for await (const file of from.list()) {
        listed.add(file.key);
        yield file;
      }
      for await (const file of to.list()) if (!listed.has(file.key)) yield file;
    },
    async check() {
      await from.check();
      await to.check();
    },
  };
}
