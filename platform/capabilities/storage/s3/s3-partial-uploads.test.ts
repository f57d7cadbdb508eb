import { randomUUID } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../../../testing/s3-server.ts';
import { type PartialUploads, TooManyPieces, UploadGone, uploadLifetimeMs } from '../partial-uploads.ts';
import { countFiles, createTemporaryFolder } from '../temporary-folder.fixture.ts';
import { createS3PartialUploads } from './s3-partial-uploads.ts';
import { createS3Storage } from './s3-storage.ts';

let server: S3Server;
let folders: Awaited<ReturnType<typeof createTemporaryFolder>>[];
/** The same bucket from two hosts, which share nothing else. */
let here: PartialUploads;
let there: PartialUploads;

const optionsIn = (directory: string) => {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = server;
  return {
    ...{ endpoint, bucket, region, accessKeyId, secretAccessKey, directory },
    ...{ isPathStyle: true, allowedHosts: ['127.0.0.1'], retryMs: 1 },
  };
};
beforeEach(async () => {
  server = await startS3Server();
  folders = [await createTemporaryFolder(), await createTemporaryFolder()];
  [here, there] = folders.map(({ directory }) => createS3PartialUploads(optionsIn(directory))) as [
    PartialUploads,
    PartialUploads,
  ];
});
afterEach(async () => {
  for (const { directory } of folders) expect(await countFiles(directory)).toBe(0);
  await server.close();
  for (const { remove } of folders) await remove();
});

const owner = { organizationId: randomUUID(), userId: randomUUID() };
const begin = async (bytes = 10, by = owner) => {
  const id = randomUUID();
  await here.create(by, { id, bytes, metadata: { filename: '../../устав.txt', odd: null } });
  return id;
};
const piece = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));
function* broken(part: string) {
  yield Buffer.from(part);
  throw new Error('connection reset');
}
const contentOf = async (id: string) => text(await there.read(owner, id));
const offsetOf = async (id: string) => (await there.find(owner, id))?.offset;

describe('a partial upload in a bucket', () => {
  it('grows piece by piece, whichever host it is that continues', async () => {
    const id = await begin();
    expect(await here.append(owner, id, 0, piece('one', 'two'))).toBe(6);
    expect(await there.find(owner, id)).toEqual({
      ...{ id, bytes: 10, offset: 6, metadata: { filename: '../../устав.txt', odd: null } },
      ...{ createdAt: expect.any(Date), outcome: null },
    });
    expect(await there.append(owner, id, 6, piece('four'))).toBe(10);
    expect(await contentOf(id)).toBe('onetwofour');
  });

  it('keeps what arrived of a piece that broke off, and nothing of one that began no byte', async () => {
    const id = await begin();
    await expect(here.append(owner, id, 0, Readable.from(broken('half')))).rejects.toThrow('connection reset');
    expect(await offsetOf(id)).toBe(4);
    expect(await here.append(owner, id, 4, piece())).toBe(4);
    expect(await offsetOf(id)).toBe(4);
  });

  it('is whole when two hosts take the same bytes at once, of which one breaks off late', async () => {
    const id = await begin();
    await there.append(owner, id, 0, piece('onetwo'));
    await there.append(owner, id, 6, piece('four'));
    await expect(here.append(owner, id, 0, Readable.from(broken('onetwof')))).rejects.toThrow('connection reset');
    await expect(here.append(owner, id, 3, Readable.from(broken('tw')))).rejects.toThrow('connection reset');
    expect([await offsetOf(id), await contentOf(id)]).toEqual([10, 'onetwofour']);
  });

  it('ends where a gap begins', async () => {
    const id = await begin();
    await here.append(owner, id, 0, piece('one'));
    await here.append(owner, id, 6, piece('four'));
    expect(await offsetOf(id)).toBe(3);
    await expect(contentOf(id)).rejects.toThrow('a piece is missing');
  });

  it('is read whole or not at all while another host finishes it', async () => {
    const id = await begin(7);
    await here.append(owner, id, 0, piece('one'));
    await here.append(owner, id, 3, piece('four'));
    const content = await there.read(owner, id);
    await here.finish(owner, id, { id: 'first' });
    await expect(text(content)).rejects.toThrow('NoSuchKey');
    await expect(there.read(owner, id)).rejects.toThrow('a piece is missing');
  });

  it('stores nothing of a piece that the bucket refuses', async () => {
    const id = await begin();
    server.fail('PUT', { kind: 'refuse', status: 403, code: 'AccessDenied' });
    await expect(here.append(owner, id, 0, piece('one'))).rejects.toThrow('AccessDenied');
    expect(await offsetOf(id)).toBe(0);
  });

  it('keeps no piece that arrives when another host has removed or finished it', async () => {
    const [removed, finished] = [await begin(), await begin(6)];
    const late = async function* (end: () => Promise<void>) {
      yield Buffer.from('one');
      await end();
      yield Buffer.from('two');
    };
    const removing = here.append(
      owner,
      removed,
      0,
      late(() => there.remove(owner, removed)),
    );
    await expect(removing).rejects.toThrow(UploadGone);
    expect(await server.keys()).toEqual([expect.stringContaining(`${finished}/about-6`)]);

    await here.append(
      owner,
      finished,
      0,
      late(() => there.finish(owner, finished, { id: 'first' })),
    );
    expect((await server.keys()).map((key) => key.split('/').at(-1))).toEqual(['about-6', 'done']);
  });

  it('takes no more pieces than may be listed with each request, and can still be removed', async () => {
    const few = createS3PartialUploads({ ...optionsIn(folders[0]?.directory as string), mostPieces: 2 });
    const id = await begin();
    await few.append(owner, id, 0, piece('a'));
    await few.append(owner, id, 1, piece('b'));
    await expect(few.append(owner, id, 2, piece('c'))).rejects.toThrow(TooManyPieces);
    expect(await offsetOf(id)).toBe(2);
    await few.remove(owner, id);
    expect(await server.keys()).toEqual([]);
  });

  it('is not there for others, nor for what is no id', async () => {
    const id = await begin();
    expect(await there.find({ ...owner, userId: randomUUID() }, id)).toBeUndefined();
    expect(await there.find({ ...owner, organizationId: randomUUID() }, id)).toBeUndefined();
    for (const odd of ['', '..', `../${id}`, 'x'.repeat(36)]) expect(await there.find(owner, odd)).toBeUndefined();
  });

  it('counts while it is not finished', async () => {
    const [done] = [await begin(10), await begin(20), await begin(30, { ...owner, organizationId: randomUUID() })];
    await there.finish(owner, done as string, { id: 'x' });
    expect(await there.held(owner.organizationId)).toEqual({ uploads: 1, bytes: 20 });
  });

  it('keeps its first result and no content when it is finished', async () => {
    const id = await begin(3);
    await here.append(owner, id, 0, piece('one'));
    await here.finish(owner, id, { id: 'first' });
    await there.finish(owner, id, { id: 'second' });
    expect(await there.find(owner, id)).toMatchObject({ offset: 3, outcome: { id: 'first' } });
    expect((await server.keys()).map((key) => key.split('/').at(-1))).toEqual(['about-3', 'done']);
  });

  it('leaves nothing when it is removed, or its organization', async () => {
    const ids = [await begin(), await begin()];
    for (const id of ids) await here.append(owner, id, 0, piece('one'));
    await there.remove(owner, ids[0] as string);
    await there.remove(owner, ids[0] as string);
    expect(await there.find(owner, ids[0] as string)).toBeUndefined();
    await here.removeOrganization(owner.organizationId);
    expect(await server.keys()).toEqual([]);
  });

  it('is swept when it can no longer be continued, or was finished an hour ago', async () => {
    const [open, done, fresh] = [await begin(), await begin(), await begin()];
    await here.append(owner, open, 0, piece('one'));
    await here.finish(owner, done, {});
    const age = async (id: string, ms: number) => {
      const at = new Date(Date.now() - ms);
      for (const key of await server.keys()) if (key.includes(id)) await utimes(server.pathOf(key), at, at);
    };
    await age(open, uploadLifetimeMs + 1_000);
    await age(done, 3_700_000);
    expect(await there.sweep(new Date())).toBe(2);
    expect((await server.keys()).map((key) => key.split('/')[2])).toEqual([fresh]);
  });

  it('is no stored file', async () => {
    await here.append(owner, await begin(), 0, piece('one'));
    const storage = createS3Storage(optionsIn(folders[0]?.directory as string));
    expect(await Array.fromAsync(storage.list())).toEqual([]);
  });
});
