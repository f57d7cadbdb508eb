import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../kernel/environment.ts';
import { createLog } from '../../kernel/log.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';
import { createPartialUploads, type PartialUploads, uploadLifetimeMs } from './index.ts';
import { openPartialUploads, storageVariables } from './open-storage.ts';
import { countFiles, createTemporaryFolder } from './temporary-folder.fixture.ts';

let server: S3Server;
let folders: Awaited<ReturnType<typeof createTemporaryFolder>>[];
beforeEach(async () => {
  server = await startS3Server();
  folders = [await createTemporaryFolder(), await createTemporaryFolder()];
});
afterEach(async () => {
  await server.close();
  for (const { remove } of folders) await remove();
});
const directoryOf = (host: 0 | 1) => folders[host]?.directory as string;

/** What a process of a host opens. */
function open(host: 0 | 1, hosts: 1 | 2): Promise<PartialUploads> {
  const settings = {
    ...{ STORAGE: 's3', PANDECT_HOSTS: String(hosts), UPLOAD_DIR: directoryOf(host), OUTBOUND_WHITELIST: '127.0.0.1' },
    ...{ S3_ENDPOINT: server.endpoint, S3_REGION: server.region, S3_BUCKET: server.bucket },
    ...{ S3_ACCESS_KEY_ID: server.accessKeyId, S3_SECRET_ACCESS_KEY: server.secretAccessKey },
  };
  return openPartialUploads(readEnvironment(storageVariables, settings), createLog({ level: 'fatal' }));
}

const owner = { organizationId: randomUUID(), userId: randomUUID() };
const piece = (content: string) => Readable.from([Buffer.from(content)]);
async function begin(uploads: PartialUploads, bytes = 10) {
  const id = randomUUID();
  await uploads.create(owner, { id, bytes, metadata: { filename: 'устав.txt' } });
  return id;
}

describe('uploads of one host, of which there are two now', () => {
  it('continue on the other host where they ended, and finished ones still tell their result', async () => {
    const alone = await open(0, 1);
    const [begun, half, done] = [await begin(alone), await begin(alone), await begin(alone, 3)];
    await alone.append(owner, half, 0, piece('onetwo'));
    await alone.append(owner, done, 0, piece('all'));
    await alone.finish(owner, done, { id: 'document' });
    const { createdAt } = (await alone.find(owner, half)) ?? {};

    const [here, there] = [await open(0, 2), await open(1, 2)];
    expect(await here.held(owner.organizationId)).toEqual({ uploads: 2, bytes: 20 });
    expect(await there.find(owner, begun)).toMatchObject({ offset: 0, bytes: 10 });
    expect(await there.find(owner, half)).toMatchObject({ offset: 6, createdAt, metadata: { filename: 'устав.txt' } });
    expect(await there.find(owner, done)).toMatchObject({ outcome: { id: 'document' } });
    expect(await there.append(owner, half, 6, piece('four'))).toBe(10);
    expect(await text(await there.read(owner, half))).toBe('onetwofour');
    expect(await countFiles(directoryOf(0))).toBe(0);
  });

  it('are moved once, however many processes of the host open them', async () => {
    const alone = await open(0, 1);
    const ids = [await begin(alone), await begin(alone), await begin(alone)];
    for (const id of ids) await alone.append(owner, id, 0, piece('one'));
    const processes = await Promise.all([open(0, 2), open(0, 2), open(0, 2)]);
    for (const uploads of processes) {
      expect(await uploads.held(owner.organizationId)).toEqual({ uploads: 3, bytes: 30 });
      for (const id of ids) expect((await uploads.find(owner, id))?.offset).toBe(3);
    }
  });

  it('are not there for a client when they are too old, or the bucket does not take them', async () => {
    const alone = await open(0, 1);
    const [old, fresh] = [await begin(alone), await begin(alone)];
    const path = join(directoryOf(0), 'partial', owner.organizationId, 'open', old, 'upload.json');
    const about = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...about, createdAt: new Date(Date.now() - uploadLifetimeMs) }));
    server.fail('PUT', { kind: 'refuse', status: 403, code: 'AccessDenied' });
    const here = await open(0, 2);
    expect([await here.find(owner, old), await here.find(owner, fresh)]).toEqual([undefined, undefined]);
    // Erased all the same.
    await here.removeOrganization(owner.organizationId);
    expect(await countFiles(directoryOf(0))).toBe(0);
  });
});

it('one host of what were two begins uploads on its disk, and sweeps what is left in the bucket', async () => {
  const two = await open(0, 2);
  const left = await begin(two);
  await two.append(owner, left, 0, piece('one'));
  const alone = await open(0, 1);
  expect(await alone.find(owner, left)).toBeUndefined();
  const id = await begin(alone);
  expect(await createPartialUploads({ directory: directoryOf(0) }).find(owner, id)).toBeDefined();
  expect(await alone.sweep(new Date(Date.now() + uploadLifetimeMs + 60_000))).toBe(2);
  expect(await server.keys()).toEqual([]);
});
