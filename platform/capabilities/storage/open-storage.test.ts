import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEnvironment } from '../../kernel/environment.ts';
import { type S3Server, startS3Server } from '../../testing/s3-server.ts';
import { examineStorage } from './examine-storage.ts';
import { openStorage, storageVariables } from './open-storage.ts';
import { newStorageKey } from './storage-key.ts';
import { createTemporaryFolder } from './temporary-folder.fixture.ts';

let server: S3Server;
let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
beforeAll(async () => {
  server = await startS3Server();
  folder = await createTemporaryFolder();
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

const settings = (changes: Record<string, string> = {}) => ({
  STORAGE: 's3',
  S3_ENDPOINT: server.endpoint,
  S3_REGION: server.region,
  S3_BUCKET: server.bucket,
  S3_ACCESS_KEY_ID: server.accessKeyId,
  S3_SECRET_ACCESS_KEY: server.secretAccessKey,
  OUTBOUND_WHITELIST: '127.0.0.1',
  UPLOAD_DIR: folder.directory,
  ...changes,
});
const shown = { disposition: 'inline', mediaType: 'image/png' };

it('opens the storage that the settings choose', async () => {
  const open = (changes: Record<string, string>) => openStorage(readEnvironment(storageVariables, settings(changes)));
  expect(await (await open({ STORAGE: 'local' })).presign(newStorageKey(), shown)).toBeUndefined();
  expect(await (await open({})).presign(newStorageKey(), shown)).toContain(server.endpoint);
  const elsewhere = await open({ S3_PUBLIC_ENDPOINT: 'https://files.example.com' });
  expect(await elsewhere.presign(newStorageKey(), shown)).toMatch(/^https:\/\/files\.example\.com\//);
  const shared = await open({ PANDECT_HOSTS: '2' });
  expect(await shared.presign(newStorageKey(), shown)).toContain(server.endpoint);
  await expect(open({ PANDECT_HOSTS: '2', STORAGE: 'local' })).rejects.toThrow('must be s3 with PANDECT_HOSTS=2');
});

it('has the doctor tell whether the bucket can be used, and what it keeps', async () => {
  expect(await examineStorage(settings({ STORAGE: 'local' }))).toMatchObject({ state: 'ok' });
  expect(await examineStorage(settings())).toEqual({ state: 'ok', detail: expect.stringContaining('takes files') });
  expect(await examineStorage(settings({ S3_SECRET_ACCESS_KEY: 'wrong' }))).toMatchObject({
    state: 'fail',
    detail: expect.stringContaining('correct S3_SECRET_ACCESS_KEY'),
  });
  server.isVersioned = true;
  expect(await examineStorage(settings())).toMatchObject({
    state: 'warn',
    detail: expect.stringContaining('versions'),
  });
});
