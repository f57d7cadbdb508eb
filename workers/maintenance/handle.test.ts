import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { readyDocument, storedDocument } from '../../platform/testing/document.ts';
import { testOrganization } from '../../platform/testing/organization.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import { enqueueIngest } from '../ingest/job.ts';
import * as module from './handle.ts';
import { enqueueErase } from './job.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const worker = await testWorker(database, { name: 'maintenance', manifest, module });
const queue = createQueue(database.url('tenant'));
afterAll(async () => {
  await queue.close();
  await worker.close();
  await database.close();
});
const mine = await testOrganization(database);
const place = { database, folder: worker.folder, organizationId: mine.id };
const { storage, vectors } = worker.deps;
const keys = async () => (await Array.fromAsync(storage.list())).map(({ key }) => key);

/** A file as old as `minutes`, with or without a row. */
async function file(minutes: number): Promise<string> {
  const key = newStorageKey();
  await storage.write(key, Readable.from([Buffer.from('words')]), { maxBytes: 100 });
  await age(key, minutes);
  return key;
}
async function age(key: string, minutes: number) {
  const at = Date.now() / 1000 - minutes * 60;
  await utimes(join(worker.folder, 'files', key), at, at);
}

describe('the sweep', () => {
  it('comes on a schedule without a payload, and by name', async () => {
    for (const payload of [null, undefined, { kind: 'sweep' }]) await worker.deliver(payload);
    expect(worker.log.filter(({ message }) => message === 'Swept')).toHaveLength(3);
    await expect(worker.deliver({ kind: 'else' })).rejects.toThrow();
  });

  it('removes refresh tokens that have expired, and keeps used ones until then', async () => {
    const add = (hash: string, seconds: number) => database.owner`
      insert into refresh_tokens (family_id, user_id, token_hash, expires_at, used_at)
      values (gen_random_uuid(), ${mine.owner.userId}, ${hash}, now() + make_interval(secs => ${seconds}), now())`;
    await add('expired', -1);
    await add('used', 3600);
    await worker.deliver(null);
    const rows = await database.owner`select token_hash from refresh_tokens`;
    expect([...rows]).toEqual([{ token_hash: 'used' }]);
  });

  it('removes idempotency keys after a day', async () => {
    const add = (key: string, hours: number) => database.owner`
      insert into idempotency_keys (organization_id, user_id, key, fingerprint, run, created_at)
      values (${mine.id}, ${mine.owner.userId}, ${key}, 'print', gen_random_uuid(), now() - make_interval(hours => ${hours}))`;
    await add('old', 25);
    await add('young', 23);
    await worker.deliver(null);
    expect([...(await database.owner`select key from idempotency_keys`)]).toEqual([{ key: 'young' }]);
  });

  it('removes files without a document once an upload cannot be under way any more', async () => {
    const [orphan, young] = [await file(61), await file(59)];
    const id = await storedDocument(place, { content: 'Kept' });
    const [row] = await database.owner<{ storage_key: string }[]>`select storage_key from documents where id = ${id}`;
    await age(row?.storage_key ?? '', 600);
    await worker.deliver(null);
    const left = await keys();
    expect(left).not.toContain(orphan);
    expect(left).toEqual(expect.arrayContaining([young, row?.storage_key]));
  });

  it('fails documents whose job is gone, and leaves those alone that wait, run or were only just queued', async () => {
    const stuck = await storedDocument(place, { content: 'Stuck' });
    const fresh = await storedDocument(place, { content: 'Fresh' });
    const waiting = await storedDocument(place, { content: 'Waiting' });
    await database.tenant.tenant(mine.id, (tx) =>
      enqueueIngest(queue, tx, { organizationId: mine.id, documentId: waiting }),
    );
    await database.owner`update documents set updated_at = now() - interval '2 minutes' where id in (${stuck}, ${waiting})`;
    await worker.deliver(null);
    const rows = await database.owner`
      select id, status, failure from documents where id in (${stuck}, ${fresh}, ${waiting})`;
    const stateOf = (id: string) => rows.find((row) => row.id === id);
    expect(stateOf(stuck)).toMatchObject({ status: 'failed', failure: 'crashed' });
    expect(stateOf(fresh)).toMatchObject({ status: 'queued', failure: null });
    expect(stateOf(waiting)).toMatchObject({ status: 'queued', failure: null });
  });

  it('changes nothing the second time', async () => {
    await worker.deliver(null);
    await worker.deliver(null);
    expect(worker.log.findLast(({ message }) => message === 'Swept')).toMatchObject({
      ...{ tokens: 0, idempotencyKeys: 0, files: 0, stuck: 0 },
    });
  });
});

describe('erasing a document', () => {
  it('takes its file and vectors away, and does not mind doing it again', async () => {
    const other = await testOrganization(database);
    const at = { ...place, organizationId: other.id };
    const documentId = await readyDocument(at, { content: 'To be erased' });
    await readyDocument(at, { content: 'To be kept' });
    const [row] = await database.owner<
      { storage_key: string }[]
    >`select storage_key from documents where id = ${documentId}`;
    const storageKey = row?.storage_key ?? '';
    await database.owner`delete from documents where id = ${documentId}`;
    await database.tenant.tenant(other.id, (tx) =>
      enqueueErase(queue, tx, { organizationId: other.id, documentId, storageKey }),
    );
    const [job] = await database.owner`select data from pgboss.job where data->>'documentId' = ${documentId}`;
    for (let times = 0; times < 2; times++) await worker.deliver(job?.data);
    expect(await vectors.count(other.id)).toBe(1);
    expect(await keys()).not.toContain(storageKey);
  });

  it('refuses a key that is none of ours', async () => {
    const job = {
      kind: 'erase-document',
      organizationId: mine.id,
      documentId: crypto.randomUUID(),
      storageKey: '../../etc/passwd',
    };
    await expect(worker.deliver(job)).rejects.toThrow('not one of ours');
  });
});
