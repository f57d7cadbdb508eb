import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testOrganization } from '../testing/organization.ts';
import { proveSearch } from './prove-search.ts';

const database = await testDatabase();
afterAll(() => database.close());

const { owner } = database;
beforeEach(() => owner`delete from documents`);

/** A document that is ready, with these passages. */
async function addDocument(...contents: string[]): Promise<void> {
  const { id: organizationId } = await testOrganization(database);
  const id = crypto.randomUUID();
  await owner`
    insert into documents (id, organization_id, title, file_name, format, bytes, sha256, storage_key, status)
    values (${id}, ${organizationId}, 'Contract', 'contract.txt', 'txt', 4, ${id}, ${newStorageKey()}, 'ready')`;
  for (const [ordinal, content] of contents.entries()) {
    await owner`
      insert into chunks (document_id, organization_id, ordinal, start, "end", unit_start, unit_end, heading_path, content)
      values (${id}, ${organizationId}, ${ordinal}, ${ordinal}, ${ordinal + 1}, ${ordinal}, ${ordinal + 1}, '{Rent}', ${content})`;
  }
}

const prove = () => proveSearch(database.ownerUrl);
const rent = 'The tenant pays the rent by the fifth day of each month.';
const term = 'Договор аренды действует до 31 декабря 2027 года.';
const signature = '____________ / ____________';

it('finds passages of each organization by their words, and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  expect(await prove()).toEqual({ state: 'ok', detail: 'there is nothing to find yet' });
  await addDocument(rent, signature);
  await addDocument(term);
  expect(await prove()).toEqual({ state: 'ok', detail: '2 of 2 passages are found by their words' });
  expect(await readdir(folder)).toEqual([]);
});

it('fails for a ready document without passages, and for passages without words', async () => {
  await addDocument(rent);
  await addDocument();
  expect(await prove()).toEqual({ state: 'fail', detail: '1 ready documents have no passages' });
  await owner`delete from documents`;
  await addDocument('', signature);
  expect(await prove()).toEqual({ state: 'fail', detail: 'none of 2 passages has a word' });
});

it('fails when a search gives nothing', async () => {
  await addDocument(rent, term);
  const store = { upsert: async () => {}, search: async () => [], close: async () => {} };
  const verdict = await proveSearch(database.ownerUrl, async () => ({ store, remove: async () => {} }));
  expect(verdict).toEqual({ state: 'fail', detail: '0 of 2 passages are found by their words' });
});
