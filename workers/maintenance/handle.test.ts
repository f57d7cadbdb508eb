import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { eraseDocumentJob } from '../../modules/legal/documents/jobs.ts';
import { readyDocument, storedDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import { createPace } from './pace.ts';
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

const sweep = () => worker.deliver({ kind: 'sweep' });

/** A file as old as `minutes`, with or without a row. */
async function file(minutes: number): Promise<string> {
  const key = newStorageKey();
  await storage.write(key, Readable.from([Buffer.from('words')]), { maxBytes: 100 });
  await age(key, minutes);
  return key;
}
async function keyOf(id: string): Promise<string> {
  const [row] = await database.owner<{ storage_key: string }[]>`select storage_key from documents where id = ${id}`;
  return row?.storage_key ?? '';
}
async function age(key: string, minutes: number) {
  const at = Date.now() / 1000 - minutes * 60;
  await utimes(join(worker.folder, 'files', key), at, at);
}

describe('the sweep', () => {
  it('comes by name, and with the watch of each minute every ten', async () => {
    const swept = () => worker.log.filter(({ message }) => message === 'Swept').length;
    await sweep();
    const before = swept();
    const sweepPace = createPace(60_000);
    for (const payload of [null, undefined, { kind: 'watch' }]) await worker.deliver(payload, { deps: { sweepPace } });
    expect(swept()).toBe(before + 1);
    await expect(worker.deliver({ kind: 'else' })).rejects.toThrow();
  });

  it('removes refresh tokens that have expired, and keeps used ones until then', async () => {
    const add = (hash: string, seconds: number) => database.owner`
      insert into refresh_tokens (family_id, user_id, token_hash, expires_at, used_at)
      values (gen_random_uuid(), ${mine.owner.userId}, ${hash}, now() + make_interval(secs => ${seconds}), now())`;
    await add('expired', -1);
    await add('used', 3600);
    await sweep();
    const rows = await database.owner`select token_hash from refresh_tokens`;
    expect([...rows]).toEqual([{ token_hash: 'used' }]);
  });

  it('removes idempotency keys after a day', async () => {
    const add = (key: string, hours: number) => database.owner`
      insert into idempotency_keys (organization_id, user_id, key, fingerprint, run, created_at)
      values (${mine.id}, ${mine.owner.userId}, ${key}, 'print', gen_random_uuid(), now() - make_interval(hours => ${hours}))`;
    await add('old', 25);
    await add('young', 23);
    await sweep();
    expect([...(await database.owner`select key from idempotency_keys`)]).toEqual([{ key: 'young' }]);
  });

  it('ends questions that no one ended, and forgets what no limit looks at any more', async () => {
    const add = (state: string, expires: number, hours = 0) => database.owner`
      insert into usage_reservations
        (organization_id, request_id, state, source, day, month, minute, channel, tokens, model, cost, created_at, expires_at)
      values (${mine.id}, gen_random_uuid(), ${state}, 'plan', current_date, current_date, now(), 'external', 1, 'm', 0,
        now() - make_interval(hours => ${hours}), now() + make_interval(secs => ${expires}))`;
    await add('reserved', -1);
    await add('reserved', 60);
    for (const hours of [23, 25]) await add('settled', -1, hours);
    await database.owner`insert into token_counters values
      (${mine.id}, 'external', now() - interval '59 minutes', 1), (${mine.id}, 'external', now() - interval '61 minutes', 1)`;
    await sweep();
    const rows =
      await database.owner`select state from usage_reservations where organization_id = ${mine.id} order by 1`;
    expect(rows.map(({ state }) => state)).toEqual(['expired', 'reserved', 'settled']);
    expect(await database.owner`select 1 from token_counters where organization_id = ${mine.id}`).toHaveLength(1);
    expect(worker.log.findLast(({ message }) => message === 'Swept')).toMatchObject({ expired: 1, lost: 0 });
  });

  it('removes e-mails after 90 days, and buckets that are full by now', async () => {
    const addMail = (reference: string, days: number) => database.owner`
      insert into notifications (organization_id, kind, reference, email, language, parameters, created_at)
      values (${mine.id}, 'payment', ${reference}, 'a@example.org', 'ru', '{}', now() - make_interval(days => ${days}))`;
    const addBucket = (key: string, minutes: number) => database.owner`
      insert into rate_buckets values (${key}, 0, now() - make_interval(mins => ${minutes}))`;
    await Promise.all([addMail('old', 91), addMail('young', 89), addBucket('old', 61), addBucket('young', 59)]);
    await sweep();
    expect([...(await database.owner`select reference from notifications`)]).toEqual([{ reference: 'young' }]);
    expect([...(await database.owner`select key from rate_buckets`)]).toEqual([{ key: 'young' }]);
  });

  it('case 1: lists files without a document once an upload cannot be under way any more, and removes none', async () => {
    const [orphan, young] = [await file(61), await file(59)];
    const id = await storedDocument(place, { content: 'Kept' });
    await age(await keyOf(id), 600);
    await sweep();
    expect(await keys()).toEqual(expect.arrayContaining([orphan, young, await keyOf(id)]));
    const listed = () => database.owner`select storage_key, bytes::int from orphaned_files`;
    expect([...(await listed())]).toEqual([{ storage_key: orphan, bytes: 5 }]);
    expect(worker.log.some(({ message, files }) => message.includes('no document has') && files === 1)).toBe(true);
    // One that has a document after all, or is gone, is listed no more.
    await storage.remove(orphan);
    await sweep();
    expect([...(await listed())]).toEqual([]);
  });

  it('keeps the files that are newer than a database that was restored', async () => {
    const id = await storedDocument(place, { content: 'Newer than the backup' });
    const key = await keyOf(id);
    await age(key, 100_000);
    await database.owner`delete from documents where id = ${id}`; // as the restored database is
    await sweep();
    expect(await keys()).toContain(key);
    await storage.remove(key);
  });

  it('removes the file of a deleted document after its days of grace, unless a document has it again', async () => {
    const [old, young, restored] = [await file(60), await file(60), await file(60)];
    const id = await storedDocument(place, { content: 'Restored' });
    await database.owner`update documents set storage_key = ${restored} where id = ${id}`;
    for (const [key, days] of [
      [old, 8],
      [young, 6],
      [restored, 8],
    ] as const) {
      await database.owner`insert into deleted_files values (${key}, ${mine.id}, now() - make_interval(days => ${days}))`;
    }
    await sweep();
    expect(await keys()).toEqual(expect.arrayContaining([young, restored]));
    expect(await keys()).not.toContain(old);
    expect([...(await database.owner`select storage_key from deleted_files`)]).toEqual([{ storage_key: young }]);
    await worker.deliver({ kind: 'sweep' }, { deps: { fileGraceDays: 0 } });
    expect(await keys()).not.toContain(young);
    await database.owner`delete from documents where id = ${id}`;
    await storage.remove(restored);
  });

  it('keeps the file of a deleted document until a backup is newer than the deletion', async () => {
    const key = await file(60);
    await database.owner`insert into deleted_files values (${key}, ${mine.id}, now() - interval '20 days')`;
    const backUp = (days: number) => database.owner`
      insert into newest_backup (id, started_at) values (${`backup-${days}`}, now() - make_interval(days => ${days}))
      on conflict (number) do update set id = excluded.id, started_at = excluded.started_at`;
    await backUp(21);
    await sweep();
    expect(await keys()).toContain(key);
    await backUp(19);
    await sweep();
    expect(await keys()).not.toContain(key);
    await database.owner`delete from newest_backup`;
  });

  it('finds documents that have lost their file, and sees when it is back', async () => {
    const id = await storedDocument(place, { content: 'Lost' });
    const key = await keyOf(id);
    await storage.remove(key);
    const missing = async () => [...(await database.owner`select id from documents where file_missing_at is not null`)];
    await sweep();
    expect(await missing()).toEqual([{ id }]);
    expect((await database.tenant.statement('select has_missing_files() as missing', []))[0]).toEqual({
      missing: true,
    });
    await storage.write(key, Readable.from([Buffer.from('Lost')]), { maxBytes: 100 });
    await sweep();
    expect(await missing()).toEqual([]);
    expect((await database.tenant.statement('select has_missing_files() as missing', []))[0]).toEqual({
      missing: false,
    });
  });

  it('removes what was begun to be uploaded more than a day ago', async () => {
    const owner = { organizationId: mine.id, userId: mine.owner.userId };
    const [old, young] = [crypto.randomUUID(), crypto.randomUUID()];
    for (const id of [old, young]) await worker.deps.partialUploads.create(owner, { id, bytes: 5, metadata: {} });
    const about = join(worker.folder, 'files', 'partial', mine.id, 'open', old, 'upload.json');
    const content = JSON.parse(await readFile(about, 'utf8'));
    await writeFile(about, JSON.stringify({ ...content, createdAt: new Date(Date.now() - 25 * 3_600_000) }));
    await sweep();
    expect(await readdir(join(worker.folder, 'files', 'partial', mine.id, 'open'))).toEqual([young]);
  });

  it('changes nothing the second time', async () => {
    await sweep();
    await sweep();
    expect(worker.log.findLast(({ message }) => message === 'Swept')).toMatchObject({
      ...{ tokens: 0, idempotencyKeys: 0, files: 0, orphans: 0, missing: 0, uploads: 0 },
      ...{ mails: 0, telegramMessages: 0, buckets: 0 },
      ...{ expired: 0, lost: 0, reservations: 0, minutes: 0 },
    });
  });
});

describe('erasing a document', () => {
  it('takes its vectors away, marks its file to be removed later, and does not mind doing it again', async () => {
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
      queue.send(tx, eraseDocumentJob, { kind: 'erase-document', organizationId: other.id, documentId, storageKey }),
    );
    const [job] = await database.owner`select data from pgboss.job where data->>'documentId' = ${documentId}`;
    for (let times = 0; times < 2; times++) await worker.deliver(job?.data);
    expect(await vectors.count(other.id)).toBe(1);
    expect(await keys()).toContain(storageKey);
    const marks =
      await database.owner`select storage_key, deleted_at > now() - interval '1 minute' as young from deleted_files`;
    expect([...marks]).toEqual([{ storage_key: storageKey, young: true }]);
  });

  it('of an organization that was erased removes the file at once', async () => {
    const key = await file(1);
    const gone = { organizationId: crypto.randomUUID(), documentId: crypto.randomUUID() };
    await worker.deliver({ kind: 'erase-document', ...gone, storageKey: key });
    expect(await keys()).not.toContain(key);
  });

  it('removes the file at once where no days of grace are set', async () => {
    const key = await file(1);
    const job = { kind: 'erase-document', organizationId: mine.id, documentId: crypto.randomUUID(), storageKey: key };
    for (let times = 0; times < 2; times++) await worker.deliver(job, { deps: { fileGraceDays: 0 } });
    expect(await keys()).not.toContain(key);
    expect(await database.owner`select 1 from deleted_files where storage_key = ${key}`).toHaveLength(0);
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
