import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPartialUploads, type PartialUploads, UploadGone, uploadLifetimeMs } from './index.ts';

let directory: string;
let uploads: PartialUploads;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pandect-partial-'));
  uploads = createPartialUploads({ directory });
});
afterEach(() => rm(directory, { recursive: true }));

const owner = { organizationId: randomUUID(), userId: randomUUID() };
const begin = async (bytes = 10, by = owner) => {
  const id = randomUUID();
  await uploads.create(by, { id, bytes, metadata: { filename: '../../устав.txt', odd: null } });
  return id;
};
const piece = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));
const filesLeft = async () =>
  (await readdir(directory, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;
const age = async (id: string, ms: number) => {
  const path = join(directory, 'partial', owner.organizationId, 'open', id, 'upload.json');
  const about = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...about, createdAt: new Date(Date.now() - ms) }));
};

describe('a partial upload', () => {
  it('grows piece by piece, whichever process it is that continues', async () => {
    const id = await begin();
    expect(await uploads.append(owner, id, 0, piece('one', 'two'))).toBe(6);
    const next = createPartialUploads({ directory });
    expect(await next.find(owner, id)).toEqual({
      ...{ id, bytes: 10, offset: 6, metadata: { filename: '../../устав.txt', odd: null } },
      ...{ createdAt: expect.any(Date), outcome: null },
    });
    expect(await next.append(owner, id, 6, piece('four'))).toBe(10);
    expect(await text(await next.read(owner, id))).toBe('onetwofour');
  });

  it('keeps what arrived of a piece that broke off', async () => {
    const id = await begin();
    const broken = Readable.from(
      (function* () {
        yield Buffer.from('half');
        throw new Error('connection reset');
      })(),
    );
    await expect(uploads.append(owner, id, 0, broken)).rejects.toThrow('connection reset');
    expect((await uploads.find(owner, id))?.offset).toBe(4);
  });

  it('takes no piece once it was removed', async () => {
    const id = await begin();
    await uploads.remove(owner, id);
    await expect(uploads.append(owner, id, 0, piece('one'))).rejects.toThrow(UploadGone);
    expect(await filesLeft()).toBe(0);
  });

  it('is not there for others, nor for what is no id', async () => {
    const id = await begin();
    expect(await uploads.find({ ...owner, userId: randomUUID() }, id)).toBeUndefined();
    expect(await uploads.find({ ...owner, organizationId: randomUUID() }, id)).toBeUndefined();
    for (const odd of ['../x', '', 'upload.json', `${id}/..`, `${id}\n`]) {
      expect(await uploads.find(owner, odd)).toBeUndefined();
      await expect(uploads.append(owner, odd, 0, piece('x'))).rejects.toThrow('not an id of ours');
    }
  });

  it('lets go of its content when it is finished, and remembers its result', async () => {
    const id = await begin(3);
    await uploads.append(owner, id, 0, piece('one'));
    await uploads.finish(owner, id, { id: 'a document' });
    expect(await uploads.find(owner, id)).toMatchObject({ offset: 3, bytes: 3, outcome: { id: 'a document' } });
    expect(await filesLeft()).toBe(1);
    await uploads.finish(owner, id, { id: 'another' });
    expect(await uploads.find(owner, id)).toMatchObject({ outcome: { id: 'a document' } });
  });

  it('counts while it is not finished', async () => {
    expect(await uploads.held(owner.organizationId)).toEqual({ uploads: 0, bytes: 0 });
    const [first] = [await begin(10), await begin(20), await begin(5, { ...owner, organizationId: randomUUID() })];
    expect(await uploads.held(owner.organizationId)).toEqual({ uploads: 2, bytes: 30 });
    await uploads.finish(owner, first, {});
    expect(await uploads.held(owner.organizationId)).toEqual({ uploads: 1, bytes: 20 });
  });

  it('is removed, alone or with its organization', async () => {
    const [one, two, foreign] = [
      await begin(),
      await begin(),
      await begin(1, { ...owner, organizationId: randomUUID() }),
    ];
    await uploads.remove(owner, one);
    await uploads.remove(owner, one);
    expect([await uploads.find(owner, one), (await uploads.find(owner, two))?.id]).toEqual([undefined, two]);
    await uploads.removeOrganization(owner.organizationId);
    expect(await uploads.find(owner, two)).toBeUndefined();
    expect((await readdir(join(directory, 'partial'))).length).toBe(1);
    expect(foreign).toBeTruthy();
  });

  it('cannot be continued after a day, and is swept then, and so is one of which nothing is known', async () => {
    const [old, young] = [await begin(), await begin()];
    const nameless = join(directory, 'partial', owner.organizationId, 'open', randomUUID());
    await uploads.create(owner, { id: nameless.slice(-36), bytes: 1, metadata: {} });
    await rm(join(nameless, 'upload.json'));
    await utimes(nameless, new Date(0), new Date(0));
    await age(old, uploadLifetimeMs);
    expect(await uploads.find(owner, old)).toBeUndefined();
    expect(await uploads.sweep(new Date(Date.now() + 1000))).toBe(2);
    expect((await uploads.find(owner, young))?.id).toBe(young);
    expect(await uploads.sweep(new Date(Date.now() + uploadLifetimeMs + 1000))).toBe(1);
    expect(await filesLeft()).toBe(0);
  });

  it('is remembered for an hour after it was finished', async () => {
    const id = await begin();
    await uploads.finish(owner, id, {});
    expect(await uploads.sweep(new Date(Date.now() + 3_590_000))).toBe(0);
    expect((await uploads.find(owner, id))?.id).toBe(id);
    expect(await uploads.sweep(new Date(Date.now() + 3_610_000))).toBe(1);
    expect(await uploads.find(owner, id)).toBeUndefined();
  });
});
