import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type S3Server, startS3Server } from '../../../testing/s3-server.ts';
import { createErasureJournal, ERASURES_FOLDER, type Erasure, lastErasures, readErasures } from '../erasure-journal.ts';
import { createTemporaryFolder } from '../temporary-folder.fixture.ts';
import { createS3Erasures } from './s3-erasures.ts';
import { createS3Storage } from './s3-storage.ts';

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
const optionsOf = (host: 0 | 1) => {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = server;
  const access = { endpoint, bucket, region, accessKeyId, secretAccessKey };
  return { ...access, directory: directoryOf(host), isPathStyle: true, allowedHosts: ['127.0.0.1'], retryMs: 1 };
};
/** The journal of a process of a host. */
const journalOf = (host: 0 | 1) =>
  createErasureJournal({ directory: directoryOf(host), shared: createS3Erasures(optionsOf(host)) });
const notedAt = (host: 0 | 1) => readErasures(join(directoryOf(host), ERASURES_FOLDER));
const byId = (erasures: readonly Erasure[]) => erasures.toSorted((a, b) => (a.id < b.id ? -1 : 1));

const [first, second] = [new Date('2026-01-31T12:00:00.000Z'), new Date('2026-02-01T12:00:00.000Z')];
const key: Erasure = { kind: 'key', id: randomUUID() };
const person: Erasure = { kind: 'bot-user', id: randomUUID(), at: second };

describe('erasures that hosts note in their bucket', () => {
  it('reach the backups of a host that carried none of them out, with the last of their times', async () => {
    await Promise.all([journalOf(0).note(key), journalOf(1).note(key)]);
    await journalOf(0).note(person);
    await journalOf(1).note({ ...person, at: first });
    expect(await journalOf(1).gather()).toBe(1);
    expect(byId(await notedAt(1))).toEqual(byId([key, person]));
    expect([await journalOf(1).gather(), await journalOf(0).gather()]).toEqual([0, 0]);
  });

  it('are those too that a host had noted for itself before it shared a bucket', async () => {
    await createErasureJournal({ directory: directoryOf(0) }).note(person);
    expect(await journalOf(0).share()).toBe(1);
    expect(await journalOf(0).share()).toBe(0);
    expect(lastErasures(await createS3Erasures(optionsOf(1)).read())).toEqual([person]);
  });

  it('are stored once by a process that notes the same each minute', async () => {
    const journal = journalOf(0);
    await journal.note(key);
    server.fail('PUT', { kind: 'refuse', status: 403, code: 'AccessDenied' });
    await journal.note(key);
    await expect(journal.note(person)).rejects.toThrow('AccessDenied');
    // A job that failed notes it again.
    await journal.note(person);
    expect(await createS3Erasures(optionsOf(1)).read()).toContainEqual(person);
  });

  it('are no stored files, and other objects are no erasures', async () => {
    await journalOf(0).note(key);
    for (const name of [`key-${randomUUID()}.soon`, 'readme'])
      await writeFile(server.pathOf(`${ERASURES_FOLDER}/${name}`), 'x');
    expect(await createS3Erasures(optionsOf(1)).read()).toEqual([key]);
    expect(await Array.fromAsync(createS3Storage(optionsOf(1)).list())).toEqual([]);
  });
});
