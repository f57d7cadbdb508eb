import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../../../testing/s3-server.ts';
import { FileMissing } from '../contract.ts';
import { describeFileStorage } from '../describe-file-storage.ts';
import { newStorageKey } from '../storage-key.ts';
import { countFiles, createTemporaryFolder } from '../temporary-folder.fixture.ts';
import { createS3Storage, type S3StorageOptions } from './s3-storage.ts';

function* pieces(count: number, size: number) {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(size, index);
}

async function start(changes: Partial<S3StorageOptions> = {}) {
  const server = await startS3Server();
  const { directory, remove } = await createTemporaryFolder();
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = server;
  const options = {
    ...{ endpoint, bucket, region, accessKeyId, secretAccessKey, directory },
    ...{ isPathStyle: true, allowedHosts: ['127.0.0.1'], retryMs: 1, ...changes },
  };
  return {
    server,
    directory,
    options,
    storage: createS3Storage(options),
    countObjects: async () => (await server.countObjects()) + (await countFiles(directory)),
    async close() {
      await server.close();
      await remove();
    },
  };
}

describeFileStorage('S3', start);

describe('a storage on S3', () => {
  let under: Awaited<ReturnType<typeof start>>;
  let server: S3Server;
  beforeEach(async () => {
    under = await start();
    server = under.server;
  });
  afterEach(() => under.close());

  const content = 'Договор поставки';
  const write = async (key = newStorageKey(), what: string | Buffer = content) => {
    await under.storage.write(key, Readable.from([Buffer.from(what)]), { maxBytes: 1024 * 1024 });
    return key;
  };
  const slowDown = { kind: 'refuse', status: 503, code: 'SlowDown' } as const;
  const failure = (options: Partial<S3StorageOptions>) =>
    createS3Storage({ ...under.options, ...options })
      .read(newStorageKey())
      .then(
        () => 'read',
        (error: Error) => error.message,
      );

  it('stores exactly the bytes that were sent, with one request that has their length and hash (case 61)', async () => {
    const bytes = randomBytes(300_000);
    const key = await write(undefined, bytes);
    expect(await readFile(server.pathOf(key))).toEqual(bytes);
    expect(server.requests).toEqual([`PUT /${server.bucket}/${key}`]);
  });

  it.each([
    ['is overloaded', slowDown],
    ['fails', { kind: 'refuse', status: 500, code: 'InternalError' }],
    ['breaks the connection', { kind: 'cut' }],
    ['stores the file and forgets to say so', { kind: 'forget' }],
  ] as const)('writes again when the server %s, up to four times', async (_, fault) => {
    server.fail('PUT', fault, fault, fault, fault);
    const key = await write();
    expect(await text((await under.storage.read(key)).stream)).toBe(content);
    expect(server.requests.filter((each) => each.startsWith('PUT'))).toHaveLength(5);
    expect(await under.countObjects()).toBe(1);
  });

  it('gives up after that, says why and leaves nothing', async () => {
    server.fail('PUT', slowDown, slowDown, slowDown, slowDown, slowDown);
    await expect(write()).rejects.toThrow('Write file to S3: SlowDown (503)');
    expect(await under.countObjects()).toBe(0);
  });

  it('reads no more of a file into memory than the server takes', async () => {
    const bytes = 48 * 1024 * 1024;
    const before = process.memoryUsage().arrayBuffers;
    server.fail('PUT', { kind: 'slow', ms: 4_000 });
    const source = Readable.from(pieces(48, 1024 * 1024));
    const writing = under.storage.write(newStorageKey(), source, { maxBytes: bytes });
    await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBe(1);
    await sleep(700);
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const held = process.memoryUsage().arrayBuffers - before;
    expect((await writing).bytes).toBe(bytes);
    expect(held).toBeLessThan(bytes / 2);
  });

  it('does not repeat what was refused for good', async () => {
    server.fail('PUT', { kind: 'refuse', status: 403, code: 'AccessDenied' });
    await expect(write()).rejects.toThrow('the key may not do this');
    expect(server.requests).toHaveLength(1);
  });

  it('stops waiting for a server that does not answer', async () => {
    const storage = createS3Storage({ ...under.options, answerMs: 20 });
    server.fail('DELETE', ...Array.from({ length: 5 }, () => ({ kind: 'slow', ms: 1_000 }) as const));
    await expect(storage.remove(newStorageKey())).rejects.toThrow('no answer in time');
  });

  it('stops a write that is cancelled while it is sent', async () => {
    server.fail('PUT', { kind: 'slow', ms: 5_000 });
    const cancel = new AbortController();
    const source = Readable.from([Buffer.from(content)]);
    const writing = under.storage.write(newStorageKey(), source, { maxBytes: 1024, signal: cancel.signal });
    setTimeout(() => cancel.abort(), 200);
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(await under.countObjects()).toBe(0);
  });

  it('does not take a file that is cut off for a whole one', async () => {
    const key = await write(undefined, randomBytes(1_000_000));
    server.fail('GET', { kind: 'cut-content' }, { kind: 'cut-content' });
    await expect(buffer((await under.storage.read(key)).stream)).rejects.toThrow();
    await expect(under.storage.open(key)).rejects.toThrow();
    expect(await countFiles(under.directory)).toBe(0);
  });

  it('refuses an answer that ignores the range', async () => {
    const key = await write();
    server.fail('GET', { kind: 'ignore-range' });
    await expect(under.storage.read(key, { start: 2, end: 3 })).rejects.toThrow('no such range in the answer');
  });

  it('lists page by page and leaves out what is not ours', async () => {
    server.pageKeys = 2;
    const keys = [await write(), await write(), await write(), await write(), await write()];
    await writeFile(server.pathOf('notes & more.txt'), '');
    const found: string[] = [];
    for await (const { key } of under.storage.list()) found.push(key);
    expect(found).toEqual(keys.toSorted());
  });

  it('takes a missing bucket for a mistake, not for missing files', async () => {
    const storage = createS3Storage({ ...under.options, bucket: 'other' });
    await expect(storage.has(newStorageKey())).rejects.toThrow('there is no bucket "other": correct S3_BUCKET');
    await expect(storage.read(newStorageKey())).rejects.not.toThrow(FileMissing);
  });

  it('says which setting is wrong, and no secret', async () => {
    expect(await failure({ accessKeyId: 'AKIDOTHER' })).toContain('correct S3_ACCESS_KEY_ID');
    const message = await failure({ secretAccessKey: 'other secret' });
    expect(message).toContain('correct S3_SECRET_ACCESS_KEY');
    expect(message).not.toContain('other secret');
    expect(await failure({ region: 'eu-west-1' })).toContain('is in region "ru-central1": correct S3_REGION');
    expect(() => createS3Storage({ ...under.options, allowedHosts: [] })).toThrow('OUTBOUND_WHITELIST');
    await server.close();
    expect(await failure({})).toBe('Read file from S3: ECONNREFUSED');
  });

  it('does not follow a redirect, and names the region that it leads to', async () => {
    const headers = { location: 'http://127.0.0.1:1/', 'x-amz-bucket-region': 'eu-north-1' };
    server.fail('GET', { kind: 'refuse', status: 301, code: 'PermanentRedirect', headers });
    expect(await failure({})).toContain('is in region "eu-north-1": correct S3_REGION');
    server.fail('GET', { kind: 'refuse', status: 307, code: '', headers: { location: '/elsewhere' } });
    expect(await failure({})).toContain('is somewhere else');
    server.fail('PUT', { kind: 'refuse', status: 301, code: 'PermanentRedirect', headers });
    server.fail('GET', { kind: 'refuse', status: 301, code: 'PermanentRedirect', headers });
    await expect(write()).rejects.toThrow('is in region "eu-north-1": correct S3_REGION');
    expect(server.requests.filter((each) => each.startsWith('PUT'))).toHaveLength(1);
  });

  it('says by how much the clock is off', async () => {
    server.skewMs = 1_200_000;
    expect(await failure({})).toMatch(
      /RequestTimeTooSkewed \(403\): the clock of this machine is (1199|120[01]) s behind/,
    );
  });

  it('knows whether the bucket keeps versions', async () => {
    expect(await under.storage.isVersioned()).toBe(false);
    server.isVersioned = true;
    expect(await under.storage.isVersioned()).toBe(true);
  });

  it('asks the server for its health once in half a minute', async () => {
    await under.storage.check();
    await under.storage.check();
    expect(server.requests.map((each) => each.slice(0, 3))).toEqual(['PUT', 'DEL']);
  });

  it('reaches the bucket by its own host name', async () => {
    const { port } = new URL(server.endpoint);
    const storage = createS3Storage({
      ...under.options,
      ...{
        endpoint: `http://s3.example.com:${port}`,
        isPathStyle: false,
        allowedHosts: [`${server.bucket}.s3.example.com`],
      },
      ...{ internalHosts: [`${server.bucket}.s3.example.com`] },
      resolve: (_, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const key = newStorageKey();
    await storage.write(key, Readable.from([Buffer.from(content)]), { maxBytes: 100 });
    expect(server.requests).toEqual([`PUT /${key}`]);
    expect(await text((await storage.read(key)).stream)).toBe(content);
  });
});

describe('an address of a file', () => {
  const shown = {
    disposition: `attachment; filename="a b.pdf"; filename*=UTF-8''%D0%90%20b+(1)%27.pdf`,
    mediaType: 'application/pdf',
  };

  it('is read without a key, under the name and type that were signed', async () => {
    const under = await start();
    const key = newStorageKey();
    await under.storage.write(key, Readable.from([Buffer.from('%PDF')]), { maxBytes: 10 });
    const url = (await under.storage.presign(key, shown)) ?? '';
    const response = await fetch(url);
    expect(response.headers.get('content-disposition')).toBe(shown.disposition);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(await response.text()).toBe('%PDF');
    expect((await fetch(url.replace('application%2Fpdf', 'text%2Fhtml'))).status).toBe(403);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    under.server.skewMs = 299_000;
    expect((await fetch(url)).status).toBe(200);
    under.server.skewMs = 302_000;
    expect((await fetch(url)).status).toBe(403);
    await under.close();
  });

  it('names the host that browsers reach', async () => {
    const under = await start({ publicEndpoint: 'https://files.example.com' });
    const key = newStorageKey();
    const url = new URL((await under.storage.presign(key, shown)) ?? '');
    expect(url.origin + url.pathname).toBe(`https://files.example.com/${under.server.bucket}/${key}`);
    expect(url.href).not.toContain(under.server.secretAccessKey);
    await under.close();
  });
});
