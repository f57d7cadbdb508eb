import { afterAll, describe, expect, it } from 'vitest';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { readyDocument } from '../../platform/testing/document.ts';
import { startOpenAiServer } from '../../platform/testing/openai-server.ts';
import { testOrganization } from '../../platform/testing/organization.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'search', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const mine = await testOrganization(database);
const theirs = await testOrganization(database);
const add = (organizationId: string, fileName: string, content: string) =>
  readyDocument({ database, folder: app.folder, organizationId }, { fileName, content });

const lease = await add(mine.id, 'lease.txt', 'The tenant pays a deposit of 900 euros before moving in.');
const supply = await add(mine.id, 'supply.txt', 'Поставщик передаёт товар в течение десяти дней после оплаты.');
const foreign = await add(theirs.id, 'foreign.txt', 'The tenant pays a deposit of 12345 euros to the stranger.');
const search = (json: unknown, as = mine.owner) => app.json('POST /api/search', { as, json });

describe('POST /api/search', () => {
  it('finds passages in either language, each being exactly the stored text of its span', async () => {
    for (const [query, documentId] of [
      ['deposits of tenants', lease],
      ['срок передачи товара поставщиком', supply],
    ] as const) {
      const { status, body } = await search({ query });
      expect(status).toBe(200);
      const [hit] = body.hits;
      expect(hit).toMatchObject({ documentId, page: null, title: documentId === lease ? 'lease' : 'supply' });
      const [stored] = await database.owner`select content from document_texts where document_id = ${documentId}`;
      expect(stored?.content.slice(hit.start, hit.end)).toBe(hit.text);
      expect(Object.keys(hit).sort()).toEqual(['documentId', 'end', 'page', 'score', 'start', 'text', 'title']);
    }
  });

  it('never shows another organization’s passages, not even when asked for its documents', async () => {
    for (const json of [{ query: 'deposit 12345 euros stranger' }, { query: 'deposit', documentIds: [foreign] }]) {
      const { body } = await search(json);
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`12345|stranger|${foreign}`));
    }
    expect((await search({ query: 'deposit', documentIds: [foreign] })).body).toEqual({ hits: [] });
  });

  it('keeps to the documents and the number that are asked for', async () => {
    const { body } = await search({ query: 'deposit', documentIds: [supply] });
    expect(body.hits.every(({ documentId }: { documentId: string }) => documentId === supply)).toBe(true);
    expect((await search({ query: 'deposit', limit: 1 })).body.hits).toHaveLength(1);
  });

  it('leaves out what is being read anew', async () => {
    await database.owner`update documents set status = 'processing' where id = ${lease}`;
    const { body } = await search({ query: 'deposit' });
    await database.owner`update documents set status = 'ready' where id = ${lease}`;
    expect(JSON.stringify(body)).not.toContain(lease);
  });

  it('finds nothing for an organization without documents', async () => {
    const { owner } = await testOrganization(database);
    expect(await search({ query: 'deposit' }, owner)).toEqual({ status: 200, body: { hits: [] } });
  });

  it('records the use without the words', async () => {
    await search({ query: 'verysecretword' });
    const rows =
      await database.owner`select action, user_id, metadata from usage_logs where organization_id = ${mine.id}`;
    expect(rows[0]).toMatchObject({ action: 'search', user_id: mine.owner.userId });
    expect(JSON.stringify([...rows, app.log])).not.toContain('verysecretword');
  });

  it('says so when the AI provider is away, and nothing of what it said', async () => {
    const server = await startOpenAiServer({ embeddings: [{ status: 401, message: 'bad key sk-secret' }] });
    const environment = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' };
    const one = await testApp(database, { name: 'search', manifest, module }, { environment });
    const { status, body } = await one.json('POST /api/search', { as: mine.owner, json: { query: 'deposit' } });
    expect([status, body.type]).toEqual([502, 'urn:pandect:problem:ai-failed']);
    expect(JSON.stringify([body, one.log])).not.toContain('secret');
    await one.close();
    await server.close();
  });

  it.each(['"', '" OR 1=1 --', 'NEAR(a b)', '*', '((', 'a AND', '🙂', '  и  ', 'x'.repeat(4000), '\ud800'])(
    'takes any words as words: %#',
    async (query) => {
      expect((await search({ query })).status).toBe(200);
    },
  );

  it.each([
    {},
    { query: '' },
    { query: '  ' },
    { query: 'a\0b' },
    { query: 'x'.repeat(4001) },
    { query: 'x', limit: 0 },
    { query: 'x', limit: 51 },
    { query: 'x', documentIds: [] },
    { query: 'x', documentIds: ['1'] },
    { query: 'x', organizationId: theirs.id },
  ])('refuses %j', async (json) => {
    const { status, body } = await search(json);
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
  });
});
