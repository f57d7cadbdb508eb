import { createHash } from 'node:crypto';
import { FileMissing, type FileStorage, type StoredFile } from './contract.ts';
import { withFileLock } from './moving-storage.ts';
import type { S3Storage } from './s3/s3-storage.ts';

export interface MovedFile extends StoredFile {
  key: string;
}

/** Files on their way at the same time. */
const AT_ONCE = 8;

/**
 * Moves every file from the local storage to S3: it is sent, read back, and leaves the local storage when its hash there is the same.
 * Ended at any moment, it continues with the files that are left. Files that are removed in the meantime are passed over.
 * @throws what the storages throw, or Error for a file that is another one when it is read back; it then stays where it is
 */
export async function* moveFiles(storages: { from: FileStorage; to: S3Storage }): AsyncGenerator<MovedFile> {
  let batch: string[] = [];
  for await (const { key } of storages.from.list()) {
    batch.push(key);
    if (batch.length < AT_ONCE) continue;
    yield* await moveBatch(batch, storages);
    batch = [];
  }
  yield* await moveBatch(batch, storages);
}

async function moveBatch(keys: string[], storages: Parameters<typeof moveFiles>[0]): Promise<MovedFile[]> {
  const results = await Promise.allSettled(keys.map((key) => withFileLock(key, () => moveFile(key, storages))));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' && result.value ? [result.value] : []));
}

async function moveFile(key: string, { from, to }: Parameters<typeof moveFiles>[0]): Promise<MovedFile | undefined> {
  let file: StoredFile;
  try {
    file = await hashOf(from, key);
  } catch (error) {
    if (error instanceof FileMissing) return undefined;
    throw error;
  }
  const { path, release } = await from.open(key);
  try {
    await to.put(key, path, file);
  } finally {
    await release();
  }
  const there = await hashOf(to, key);
  if (there.sha256 !== file.sha256) throw new Error(`Move file "${key}": it is another file when it is read back`);
  await from.remove(key);
  return { key, ...file };
}

async function hashOf(storage: FileStorage, key: string): Promise<StoredFile> {
  const { stream } = await storage.read(key);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    hash.update(piece);
  }
  return { bytes, sha256: hash.digest('hex') };
}
