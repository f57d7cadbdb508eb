import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { readyDocument, storedDocument } from '../../modules/testing/document.ts';
import { fillEveryTable } from '../../modules/testing/every-table.ts';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const worker = await testWorker(database, { name: 'maintenance', manifest, module });
afterAll(async () => {
  await worker.close();
  await database.close();
});
const { storage, partialUploads, vectors, cache } = worker.deps;
const files = async () => (await Array.fromAsync(storage.list())).length;
const erase = ({ id }: TestOrganization) => worker.deliver({ kind: 'erase-organization', organizationId: id });
const ask = ({ id }: TestOrganization) =>
  database.owner`update organizations set erasure_requested_at = now() where id = ${id}`;

/** What bookkeeping must keep. */
const kept = [
  ...['invoices', 'ledger_entries', 'ledger_transactions', 'payments', 'telegram_payments'],
  ...['wallet_entries', 'wallet_orders'],
];

async function tablesOf({ id }: TestOrganization): Promise<string[]> {
  const tables = await database.owner<{ name: string; key: string }[]>`
    select c.relname as name, a.attname as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end order by 1`;
  const held = await Promise.all(
    tables.map(async ({ name, key }) => {
      const [row] = await database.owner.unsafe(`select 1 from ${name} where ${key} = '${id}' limit 1`);
      return row ? [name] : [];
    }),
  );
  return held.flat();
}

async function filled() {
  const organization = await testOrganization(database);
  await fillEveryTable(database, organization);
  const place = { database, folder: worker.folder, organizationId: organization.id };
  await readyDocument(place, { content: 'Article 1. The rent is due on the first day of each month.' });
  await storedDocument(place, { fileName: 'other.txt', content: 'Never read.' });
  const owner = { organizationId: organization.id, userId: organization.owner.userId };
  await partialUploads.create(owner, { id: crypto.randomUUID(), bytes: 5, metadata: {} });
  await cache.set(`answer:${organization.id}:one`, 'The first day.', 60);
  return organization;
}

describe('the erasure of an organization', () => {
  it('leaves nothing of it but what bookkeeping must keep, and all of the others', async () => {
    const [mine, theirs] = [await filled(), await filled()];
    const before = { files: await files(), tables: await tablesOf(theirs) };
    expect(await vectors.count(mine.id)).toBeGreaterThan(0);
    const key = newStorageKey();
    await storage.write(key, Readable.from(['Deleted before']), { maxBytes: 100 });
    await database.owner`insert into deleted_files (storage_key, organization_id) values (${key}, ${mine.id})`;
    await ask(mine);
    await erase(mine);
    expect(await tablesOf(mine)).toEqual(kept);
    expect(await files()).toBe(before.files - 2);
    expect((await partialUploads.held(mine.id)).uploads).toBe(0);
    expect((await partialUploads.held(theirs.id)).uploads).toBe(1);
    expect(await vectors.count(mine.id)).toBe(0);
    expect(await cache.get(`answer:${mine.id}:one`)).toBeUndefined();
    expect(await tablesOf(theirs)).toEqual(before.tables);
    expect(await vectors.count(theirs.id)).toBeGreaterThan(0);
    expect(await cache.get(`answer:${theirs.id}:one`)).toBe('The first day.');
  });

  it('continues where it was cut off, and may be done twice', async () => {
    const mine = await filled();
    await ask(mine);
    const broken = { ...vectors, removeOrganization: () => Promise.reject(new Error('away')) };
    const job = { kind: 'erase-organization', organizationId: mine.id };
    await expect(worker.deliver(job, { deps: { vectors: broken } })).rejects.toThrow('away');
    expect(await vectors.count(mine.id)).toBeGreaterThan(0);
    await erase(mine);
    await erase(mine);
    expect([await vectors.count(mine.id), await tablesOf(mine)]).toEqual([0, kept]);
  });

  it('does not happen unless it was asked for', async () => {
    const mine = await filled();
    const before = await tablesOf(mine);
    await erase(mine);
    expect(await tablesOf(mine)).toEqual(before);
    expect(await vectors.count(mine.id)).toBeGreaterThan(0);
  });
});
