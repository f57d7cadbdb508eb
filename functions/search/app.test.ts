import { afterAll, describe, expect, it } from 'vitest';
import { readyDocument } from '../../modules/testing/document.ts';
import { startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
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
const law = await add(
  mine.id,
  'code.txt',
  `Кодекс о работе

Статья 80. Расторжение трудового договора по инициативе работника

Работник вправе расторгнуть трудовой договор, предупредив об этом работодателя не позднее чем за две недели.
${'До истечения срока предупреждения работник вправе отозвать свое заявление в любое время. '.repeat(15)}
Срок предупреждения не продлевается.

Статья 81. Иные основания

Порядок определяется соглашением сторон, которое заключается в письменной форме и хранится у каждой из них.
`,
);
const named = await add(
  mine.id,
  'scan.txt',
  'LEASE AGREEMENT between Acme, Inc. and John Smith. The rent of 700 euros is paid monthly.',
);
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
      expect(Object.keys(hit).sort()).toEqual([
        'documentId',
        'end',
        'headingPath',
        'highlights',
        'page',
        'score',
        'start',
        'text',
        'title',
      ]);
      expect(hit.highlights.length).toBeGreaterThan(0);
    }
  });

  it('names the documents of its hits once, with what of them could not be read', async () => {
    await database.owner`
      update documents set notices = '[{"kind":"page-uncertain","page":1}]' where id = ${supply}`;
    const { body } = await search({ query: 'срок передачи товара поставщиком' });
    const message = 'Page 1: the text was recognized with low confidence; check it against the file';
    expect(body.sources).toContainEqual({
      ...{ documentId: supply, title: 'supply', noticesOmitted: 0 },
      notices: [{ kind: 'page-uncertain', page: 1, detail: null, message }],
    });
    const found = new Set(body.hits.map(({ documentId }: { documentId: string }) => documentId));
    expect(body.sources.map(({ documentId }: { documentId: string }) => documentId)).toEqual([...found]);
  });

  it('never shows another organization’s passages, not even when asked for its documents', async () => {
    for (const json of [{ query: 'deposit 12345 euros stranger' }, { query: 'deposit', documentIds: [foreign] }]) {
      const { body } = await search(json);
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`12345|stranger|${foreign}`));
    }
    expect((await search({ query: 'deposit', documentIds: [foreign] })).body).toEqual({ hits: [], sources: [] });
  });

  it('keeps to the documents and the number that are asked for', async () => {
    const { body } = await search({ query: 'deposit', documentIds: [supply] });
    expect(body.hits.every(({ documentId }: { documentId: string }) => documentId === supply)).toBe(true);
    expect((await search({ query: 'deposit', limit: 1 })).body.hits).toHaveLength(1);
  });

  it('returns the whole article, says under which headings it stands and where its words are', async () => {
    const { status, body } = await search({ query: 'Сколько дней предупреждения при увольнении?' });
    expect(status).toBe(200);
    const [hit] = body.hits;
    expect(hit.documentId).toBe(law);
    expect(hit.text).toMatch(/Статья 80\. Расторжение[\s\S]{1000,}не продлевается\.\s*$/);
    expect(hit.headingPath.join(' ')).toContain('Статья 80');
    const [stored] = await database.owner`select content from document_texts where document_id = ${law}`;
    const marked = hit.highlights.map(({ start, end }: { start: number; end: number }) =>
      stored?.content.slice(start, end),
    );
    expect(marked).toContain('Расторжение трудового договора');
  });

  it('finds the article that is named by its number, in the document that is named by its title', async () => {
    for (const query of ['ст. 81 Кодекса о работе', 'статья 81']) {
      const { body } = await search({ query });
      expect(body.hits[0].text).toMatch(/^Статья 81/);
    }
    const { body } = await search({ query: 'What is paid under the Lease between Acme and Smith?' });
    expect(body.hits[0].documentId).toBe(named);
  });

  it('knows by name what became ready after an earlier search', async () => {
    const query = 'What does the Charter of Greenfield say about the rent, the deposit and the tenant?';
    await search({ query });
    const charter = await add(
      mine.id,
      'scan-2.txt',
      'CHARTER of Greenfield Housing, Ltd. Members pay 5 euros a month.',
    );
    expect((await search({ query })).body.hits[0].documentId).toBe(charter);
  });

  it('keeps to the types, languages and days that are asked for', async () => {
    await database.owner`update documents set type = 'statute', dated = '2020-05-01' where id = ${law}`;
    const found = async (filters: object) => {
      const { body } = await search({ query: 'работник deposit', ...filters });
      return new Set(body.hits.map(({ documentId }: { documentId: string }) => documentId));
    };
    expect(await found({ types: ['statute'] })).toEqual(new Set([law]));
    expect(await found({ languages: ['ru'] })).not.toContain(lease);
    expect(await found({ languages: ['en'] })).toContain(lease);
    expect(await found({ datedFrom: '2020-05-01', datedTo: '2020-05-01' })).toEqual(new Set([law]));
    expect(await found({ datedFrom: '2020-05-02' })).not.toContain(law);
    expect(await found({ types: ['court'] })).toEqual(new Set());
  });

  it('leaves out what is being read again', async () => {
    await database.owner`update documents set status = 'processing' where id = ${lease}`;
    const { body } = await search({ query: 'deposit' });
    await database.owner`update documents set status = 'ready' where id = ${lease}`;
    expect(JSON.stringify(body)).not.toContain(lease);
  });

  it('finds nothing for an organization without documents', async () => {
    const { owner } = await testOrganization(database);
    expect(await search({ query: 'deposit' }, owner)).toEqual({ status: 200, body: { hits: [], sources: [] } });
  });

  it('records the use without the words', async () => {
    await search({ query: 'verysecretword' });
    const rows =
      await database.owner`select action, user_id, metadata from usage_logs where organization_id = ${mine.id}`;
    expect(rows[0]).toMatchObject({ action: 'search', user_id: mine.owner.userId });
    expect(JSON.stringify([...rows, app.log])).not.toContain('verysecretword');
  });

  it('says so when the AI provider is unavailable, and nothing of what it said', async () => {
    const server = await startOpenAiServer({ embeddings: [{ status: 401, message: 'bad key sk-secret' }] });
    // Queries are embedded as the live index was.
    const [index] = await database.owner`
      update index_generations set embedding_model = 'text-embedding-3-small'
      from (select embedding_model as model from index_generations) before returning before.model`;
    const environment = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' };
    const one = await testApp(database, { name: 'search', manifest, module }, { environment });
    const { status, body } = await one.json('POST /api/search', { as: mine.owner, json: { query: 'deposit' } });
    expect([status, body.type]).toEqual([502, 'urn:pandect:problem:ai-failed']);
    expect(JSON.stringify([body, one.log])).not.toContain('secret');
    await database.owner`update index_generations set embedding_model = ${index?.model}`;
    await one.close();
    await server.close();
  });

  it('ranks an index of words as before when a model was configured since, and sends the model nothing', async () => {
    const server = await startOpenAiServer({ dimensions: 384 });
    const environment = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.baseUrl, OUTBOUND_WHITELIST: '127.0.0.1' };
    const one = await testApp(database, { name: 'search', manifest, module }, { environment, folder: app.folder });
    const query = { query: 'depossit rent' };
    const { body } = await one.json('POST /api/search', { as: mine.owner, json: query });
    expect(body.hits.length).toBeGreaterThan(0);
    expect(body.hits).toEqual((await search(query)).body.hits);
    expect(server.requests).toEqual([]);
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
    { query: 'x', types: [] },
    { query: 'x', types: ['novel'] },
    { query: 'x', languages: ['fr'] },
    { query: 'x', datedFrom: '2020-02-31' },
    { query: 'x', datedTo: 'yesterday' },
    { query: 'x', datedFrom: '0000-01-01' },
    { query: 'x', organizationId: theirs.id },
  ])('refuses %j', async (json) => {
    const { status, body } = await search(json);
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
  });
});
