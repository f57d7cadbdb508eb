import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startS3Server } from '../../testing/s3-server.ts';
import type { FileStorage } from './contract.ts';
import { describeFileStorage } from './describe-file-storage.ts';
import { createLocalStorage } from './local-storage.ts';
import { moveFiles } from './move-files.ts';
import { createMovingStorage } from './moving-storage.ts';
import { createS3Storage } from './s3/s3-storage.ts';
import { newStorageKey } from './storage-key.ts';
import { countFiles, createTemporaryFolder } from './temporary-folder.fixture.ts';

async function start() {
  const server = await startS3Server();
  const { directory, remove } = await createTemporaryFolder();
  const from = createLocalStorage({ directory });
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = server;
  const to = createS3Storage({
    ...{ endpoint, bucket, region, accessKeyId, secretAccessKey, directory },
    ...{ isPathStyle: true, allowedHosts: ['127.0.0.1'], retryMs: 1 },
  });
  return {
    ...{ server, directory, from, to },
    storage: createMovingStorage({ to, from }),
    countObjects: async () => (await server.countObjects()) + (await countFiles(directory)),
    async close() {
      await server.close();
      await remove();
    },
  };
}

describeFileStorage('S3 with earlier files in a local directory', start);

describe('while files are moved', () => {
  let under: Awaited<ReturnType<typeof start>>;
  beforeEach(async () => {
    under = await start();
  });
  afterEach(() => under.close());

  const write = (storage: FileStorage, key: string, content: string) =>
    storage.write(key, Readable.from([Buffer.from(content)]), { maxBytes: 1024 * 1024 });
  const read = async (key: string) => text((await under.storage.read(key)).stream);
  const move = async () => {
    const moved: string[] = [];
    for await (const { key } of moveFiles(under)) moved.push(key);
    return moved.toSorted();
  };
  const fill = async (count: number) => {
    const keys = Array.from({ length: count }, newStorageKey).toSorted();
    for (const key of keys) await write(under.from, key, `content of ${key}`);
    return keys;
  };

  it('moves every file, each under its key, and leaves what is no stored file', async () => {
    const keys = await fill(20);
    await writeFile(`${under.directory}/notes`, '');
    expect(await move()).toEqual(keys);
    for (const key of keys) expect(await readFile(under.server.pathOf(key), 'utf8')).toBe(`content of ${key}`);
    expect(await countFiles(under.directory)).toBe(1);
    expect(await move()).toEqual([]);
  });

  it('finds each file at every moment', async () => {
    const keys = await fill(40);
    let isOver = false;
    const readers = Array.from({ length: 4 }, async (_, number) => {
      for (let index = number; !isOver; index = (index + 7) % keys.length) {
        const key = keys[index] ?? '';
        expect(await read(key)).toBe(`content of ${key}`);
        expect(await under.storage.has(key)).toBe(true);
        const opened = await under.storage.open(key);
        expect(await readFile(opened.path, 'utf8')).toBe(`content of ${key}`);
        await opened.release();
        const listed = await Array.fromAsync(under.storage.list(), (file) => file.key);
        expect(listed.toSorted()).toEqual(keys);
      }
    });
    expect(await move()).toEqual(keys);
    isOver = true;
    await Promise.all(readers);
  });

  it('keeps a file open that is moved under it', async () => {
    const [key = ''] = await fill(1);
    const opened = await under.storage.open(key);
    await move();
    expect(await readFile(opened.path, 'utf8')).toBe(`content of ${key}`);
    await opened.release();
    expect(await countFiles(under.directory)).toBe(0);
  });

  it('continues after it was ended, and after the server failed', async () => {
    const keys = await fill(20);
    under.server.fail('PUT', { kind: 'refuse', status: 403, code: 'AccessDenied' });
    await expect(move()).rejects.toThrow('AccessDenied');
    for (const key of keys) expect(await read(key)).toBe(`content of ${key}`);
    const first = moveFiles(under);
    await first.next();
    await first.return(undefined);
    await move();
    expect(await countFiles(under.directory)).toBe(0);
    expect(await under.server.countObjects()).toBe(20);
  });

  it('keeps a file whose copy is another one when it is read back', async () => {
    const [key = ''] = await fill(1);
    const { to } = under;
    const damaging = {
      ...to,
      put: async (...given: Parameters<typeof to.put>) => {
        await to.put(...given);
        await writeFile(under.server.pathOf(key), 'damaged on its way to the disk there');
      },
    };
    await expect(Array.fromAsync(moveFiles({ from: under.from, to: damaging }))).rejects.toThrow('another file');
    expect(await read(key)).toBe(`content of ${key}`);
  });

  it('leaves nothing of a file that is removed while it is sent', async () => {
    const [key = ''] = await fill(1);
    under.server.fail('PUT', { kind: 'slow', ms: 300 });
    const moving = move();
    await expect.poll(() => under.server.requests.length).toBe(1);
    await under.storage.remove(key);
    await moving;
    expect(await under.countObjects()).toBe(0);
  });

  it('keeps the newer file when it is replaced while it is sent', async () => {
    const [key = ''] = await fill(1);
    under.server.fail('PUT', { kind: 'slow', ms: 300 });
    const moving = move();
    await expect.poll(() => under.server.requests.length).toBe(1);
    await write(under.storage, key, 'newer');
    await moving;
    expect(await read(key)).toBe('newer');
    expect(await under.countObjects()).toBe(1);
  });

  it('has browsers read from S3 only what is there', async () => {
    const [key = ''] = await fill(1);
    const shown = { disposition: 'inline', mediaType: 'image/png' };
    expect(await under.storage.presign(key, shown)).toBeUndefined();
    await move();
    expect(await under.storage.presign(key, shown)).toContain(key);
  });
});
