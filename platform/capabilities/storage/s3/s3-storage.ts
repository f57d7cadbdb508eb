import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type ByteRange, FileMissing, type FileStorage, RangeOutside, type StoredFile } from '../contract.ts';
import { isStorageKey, newStorageKey, requireStorageKey } from '../storage-key.ts';
import { partSuffix, writePart } from '../write-part.ts';
import { textsOf } from './read-xml.ts';
import { createS3Client, type S3Client, type S3Options } from './s3-client.ts';
import { S3Failure } from './s3-failure.ts';
import { listObjects, removeObject } from './s3-objects.ts';

export interface S3Storage extends FileStorage {
  /** Stores a file of this machine whose hash is known. */
  put(key: string, path: string, file: StoredFile, signal?: AbortSignal): Promise<void>;
  /** Whether the bucket keeps what is removed or replaced. */
  isVersioned(): Promise<boolean>;
}

export interface S3StorageOptions extends S3Options {
  /** Where files wait on this machine's disk, in the folder `.spool`. */
  directory: string;
}

export const SPOOL = '.spool';
const PRESIGNED_SECONDS = 300;
/** The health is asked for more often than the server must be asked. */
const CHECKED_MS = 30_000;

/**
 * Files in a bucket of an S3 server. An upload is spooled to the disk, where it is counted and hashed, and sent with one PUT, which
 * the server stores whole or not at all. The local storage drops what a killed process left in the spool.
 */
export function createS3Storage(options: S3StorageOptions): S3Storage {
  const client = createS3Client(options);
  const spool = join(options.directory, SPOOL);
  let checkedAt = Number.NEGATIVE_INFINITY;

  async function newPart(): Promise<string> {
    await mkdir(spool, { recursive: true });
    return join(spool, `${randomUUID()}${partSuffix}`);
  }

  async function put(key: string, path: string, file: StoredFile, signal?: AbortSignal): Promise<void> {
    const call = { method: 'PUT', key: requireStorageKey(key), body: { path, ...file }, signal } as const;
    const response = await client.call('Write file to S3', {
      ...call,
      headers: { 'content-type': 'application/octet-stream' },
    });
    await response.arrayBuffer();
  }

  const storage: S3Storage = {
    put,

    async write(key, content, { maxBytes, signal }) {
      requireStorageKey(key);
      // The client may go while the folder is made, when no one listens yet; the pipeline then reports it.
      content.on('error', () => {});
      const part = await newPart();
      try {
        const stored = await writePart(part, content, { maxBytes, signal, isFlushed: false });
        await put(key, part, stored, signal);
        return stored;
      } catch (error) {
        content.destroy();
        throw error;
      } finally {
        await rm(part, { force: true });
      }
    },

    read: (key, range) => readObject(client, key, range),

    async open(key) {
      const { stream, size } = await readObject(client, key);
      const path = await newPart();
      const release = () => rm(path, { force: true });
      try {
        await writePart(path, stream, { maxBytes: size, isFlushed: false });
        return { path, release };
      } catch (error) {
        await release();
        throw error;
      }
    },

    presign: (key, { disposition, mediaType }) =>
      client.presign(
        requireStorageKey(key),
        { 'response-content-disposition': disposition, 'response-content-type': mediaType },
        PRESIGNED_SECONDS,
      ),

    remove: async (key) => removeObject(client, requireStorageKey(key)),

    async has(key) {
      // Not HEAD: its answer has no body, and could not tell a missing file from a missing bucket.
      const found = await readObject(client, key, { start: 0, end: 0 }).catch((error: unknown) => {
        if (error instanceof RangeOutside) return true;
        if (error instanceof FileMissing) return false;
        throw error;
      });
      if (typeof found === 'boolean') return found;
      found.stream.destroy();
      return true;
    },

    async *list() {
      for await (const object of listObjects(client)) if (isStorageKey(object.key)) yield object;
    },

    async check() {
      if (Date.now() - checkedAt < CHECKED_MS) return;
      const key = newStorageKey();
      await storage.write(key, Readable.from([]), { maxBytes: 0 });
      await storage.remove(key);
      checkedAt = Date.now();
    },

    async isVersioned() {
      const response = await client.call('Read versioning of the bucket', { method: 'GET', query: { versioning: '' } });
      return textsOf(await response.text(), ['Status']).Status === 'Enabled';
    },
  };
  return storage;
}

/** @throws FileMissing, RangeOutside */
async function readObject(client: S3Client, key: string, range?: ByteRange) {
  requireStorageKey(key);
  const headers = range ? { range: `bytes=${range.start}-${range.end ?? ''}` } : {};
  const response = await client.call('Read file from S3', { method: 'GET', key, headers }).catch((error: unknown) => {
    if (!(error instanceof S3Failure)) throw error;
    if (error.code === 'NoSuchKey') throw new FileMissing(key);
    if (error.status === 416) throw new RangeOutside(key, error.size ?? 0);
    throw error;
  });
  const bytes = Number(response.headers.get('content-length') ?? Number.NaN);
  const part = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  const size = range ? Number(part?.[3]) : bytes;
  if (!Number.isInteger(bytes) || !Number.isInteger(size) || response.status !== (range ? 206 : 200)) {
    await response.body?.cancel();
    const code = range ? 'no such range in the answer' : 'no length in the answer';
    throw new S3Failure('Read file from S3', { status: response.status, code });
  }
  const stream = response.body ? Readable.fromWeb(response.body as never) : Readable.from([]);
  // It may break before anyone reads it, who then hears of it.
  stream.on('error', () => {});
  return { stream, bytes, size };
}
