import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readyDocument, storedDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createLocalStorage } from '../../platform/capabilities/storage/index.ts';
import { type TestApp, testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app: TestApp = await testApp(database, { name: 'documents', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

const mine = await testOrganization(database);
const theirs = await testOrganization(database);
const viewer = await mine.addMember('viewer');
const place = { database, folder: app.folder, organizationId: mine.id };
const text = 'Договор аренды\n\nАрендная плата составляет 50 000 рублей в месяц.\n';
const ready = await readyDocument(place, { fileName: 'Договор аренды.txt', content: text });
const foreign = await storedDocument({ ...place, organizationId: theirs.id }, { content: 'Theirs' });

const storage = createLocalStorage({ directory: join(app.folder, 'files') });
const jobs = async (documentId: string) => {
  const rows =
    await database.owner`select name from pgboss.job where data->>'documentId' = ${documentId} order by created_on`;
  return rows.map(({ name }) => name);
};
const waiting = (content: string) => storedDocument(place, { content });

describe('GET /api/documents/:id', () => {
  it('is kept in no cache, as nothing private is', async () => {
    for (const [path, directives] of [
      [ready, 'private, no-store'],
      [crypto.randomUUID(), 'private, no-store'],
      [`${ready}/text`, 'private, no-cache'],
    ]) {
      const response = await app.request(`GET /api/documents/${path}`, { as: viewer });
      expect(response.headers.get('cache-control')).toBe(directives);
    }
  });

  it('shows a document', async () => {
    const { status, body } = await app.json(`GET /api/documents/${ready}`, { as: viewer });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{
        id: ready,
        title: 'Договор аренды',
        fileName: 'Договор аренды.txt',
        format: 'txt',
        bytes: Buffer.byteLength(text),
      },
      ...{ status: 'ready', progress: { pagesDone: 0, pagesTotal: 0 }, failure: null, language: 'ru' },
      ...{ stalled: false, stalledSince: null, type: expect.any(String), dated: null },
      ...{ notices: [], noticesOmitted: 0 },
      ...{ version: 1, replaces: null, replacedBy: null },
      ...{ createdAt: expect.any(String), updatedAt: expect.any(String) },
    });
  });

  it('tells what of its file could not be read, in the language of the caller', async () => {
    const content = [
      'Subject: Annex',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'See the annex.',
      '--x',
      'Content-Type: application/pdf',
      'Content-Disposition: attachment; filename="annex.pdf"',
      '',
      '%PDF',
      '--x--',
    ].join('\r\n');
    const id = await readyDocument(place, { fileName: 'annex.eml', format: 'eml', content });
    const notice = { kind: 'attachment-not-read', page: null, detail: 'annex.pdf' };
    const shown = async (call: `GET /${string}`, language: string) => {
      const { body } = await app.json(call, { as: viewer, headers: { 'accept-language': language } });
      return body.items?.find((item: { id: string }) => item.id === id) ?? body;
    };
    for (const call of [`GET /api/documents/${id}`, 'GET /api/documents'] as const) {
      expect(await shown(call, 'en')).toMatchObject({
        notices: [{ ...notice, message: 'An attachment was not read; upload it as a separate document (annex.pdf)' }],
        noticesOmitted: 0,
      });
      expect((await shown(call, 'ru')).notices[0].message).toMatch(/^Вложение не прочитано.* \(annex\.pdf\)$/);
    }
    const events = await app.request(`GET /api/documents/${id}/events`, { as: viewer });
    expect(await events.text()).toContain('"kind":"attachment-not-read"');
    await database.owner`delete from documents where id = ${id}`;
  });

  it('tells since when one that is being read stands still', async () => {
    const id = await waiting('standing still');
    const since = new Date(Date.now() - 61_000);
    await database.owner`update documents set status = 'processing', updated_at = ${since} where id = ${id}`;
    expect((await app.json(`GET /api/documents/${id}`, { as: viewer })).body).toMatchObject({
      ...{ status: 'processing', stalled: true, stalledSince: since.toISOString() },
    });
    await database.owner`update documents set status = 'queued' where id = ${id}`;
    expect((await app.json(`GET /api/documents/${id}`, { as: viewer })).body).toMatchObject({
      ...{ status: 'queued', stalled: false, stalledSince: null },
    });
  });

  it('tells in the reader’s language why one failed and what to do', async () => {
    const id = await waiting('failed');
    for (const [failure, ru] of [
      ['encrypted', /паролем/],
      ['unavailable', /файл сохранён/],
      ['a code of some later version', /файл сохранён/],
    ] as const) {
      await database.owner`update documents set status = 'failed', failure = ${failure} where id = ${id}`;
      const { body } = await app.json(`GET /api/documents/${id}`, { as: viewer, headers: { 'accept-language': 'ru' } });
      expect(body.failure).toEqual({ code: failure, message: expect.stringMatching(ru) });
    }
  });
});

describe('an id', () => {
  const calls = ['GET ', 'DELETE ', 'GET /content', 'GET /text', 'GET /events', 'POST /retry'];

  it.each(calls)('of another organization answers %s with the same bytes as one that is nowhere', async (call) => {
    const [method = '', rest = ''] = call.split(' ');
    const answerFor = async (id: string) => {
      const path = `${method} /api/documents/${id}${rest}` as 'GET /';
      const response = await app.request(path, { as: mine.owner, headers: { 'x-request-id': 'the-same-id' } });
      return {
        status: response.status,
        headers: [...response.headers].filter(([name]) => name !== 'ratelimit'),
        body: await response.text(),
      };
    };
    const answer = await answerFor(foreign);
    expect(answer).toEqual(await answerFor(crypto.randomUUID()));
    expect(answer.status).toBe(404);
  });

  it.each(calls)('that is none is refused by %s', async (call) => {
    const [method = '', rest = ''] = call.split(' ');
    const { status, body } = await app.json(`${method} /api/documents/1%27%20or%20true${rest}` as 'GET /', {
      as: mine.owner,
    });
    expect([status, body.errors[0].path]).toEqual([400, 'path.id']);
  });

  it.each(calls)('needs a token: %s', async (call) => {
    const [method = '', rest = ''] = call.split(' ');
    expect((await app.request(`${method} /api/documents/${ready}${rest}` as 'GET /')).status).toBe(401);
  });
});

describe('GET /api/documents', () => {
  it('goes through all of the organization’s documents once, newest first, page by page', async () => {
    const other = await testOrganization(database);
    const at = { ...place, organizationId: other.id };
    const made: string[] = [];
    for (let n = 0; n < 7; n++) made.unshift(await storedDocument(at, { content: `Document ${n}` }));
    // Several within one millisecond, so that the order among them rests on their ids.
    await database.owner`update documents set created_at = date_trunc('hour', now()) where organization_id = ${other.id}`;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? 'limit=3' : `limit=3&cursor=${cursor}`;
      const { body } = await app.json(`GET /api/documents?${query}`, { as: other.owner });
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toHaveLength(7);
    expect(new Set(seen)).toEqual(new Set(made));
  });

  it('shows those of one status', async () => {
    const { body } = await app.json('GET /api/documents?status=ready', { as: viewer });
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([ready]);
  });

  it('shows those of a kind, a language, or with words in their title', async () => {
    const other = await testOrganization(database);
    const at = { ...place, organizationId: other.id };
    const add = async (fileName: string, type: string, language: string) => {
      const id = await storedDocument(at, { fileName, content: fileName });
      await database.owner`update documents set type = ${type}, language = ${language} where id = ${id}`;
      return id;
    };
    const lease = await add('Договор аренды 100%_офис.txt', 'contract', 'ru');
    const law = await add('Закон об аренде.txt', 'statute', 'ru');
    const policy = await add('Leave policy.txt', 'policy', 'en');
    const found = async (query: string) => {
      const { body } = await app.json(`GET /api/documents?${query}`, { as: other.owner });
      return body.items.map(({ id }: { id: string }) => id);
    };
    expect(await found('type=contract')).toEqual([lease]);
    expect(await found('language=en')).toEqual([policy]);
    expect(await found(`query=${encodeURIComponent('АРЕНД')}`)).toEqual([law, lease]);
    expect(await found(`query=${encodeURIComponent('договор  аренды')}`)).toEqual([lease]);
    expect(await found(`query=${encodeURIComponent('100%_')}`)).toEqual([lease]);
    for (const odd of ['%', '_____________________', '\\', "' or true --"]) {
      expect(await found(`query=${encodeURIComponent(odd)}`)).toEqual(odd === '%' ? [lease] : []);
    }
  });

  it.each([
    'type=lost',
    'language=fr',
    'query=',
    `query=${'x'.repeat(201)}`,
    'limit=0',
    'limit=101',
    'limit=1.5',
    'limit=ten',
    'status=lost',
    'cursor=x',
    `cursor=${Buffer.from('["2026-01-01T00:00:00Z","1 or true"]').toString('base64url')}`,
    `cursor=${'x'.repeat(201)}`,
    'order=title',
  ])('refuses the query %s', async (query) => {
    const { status, body } = await app.json(`GET /api/documents?${query}`, { as: viewer });
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
  });
});

describe('POST /api/documents/:id/retry', () => {
  it('has a failed document read again', async () => {
    const id = await waiting('retried');
    await database.owner`update documents set status = 'failed', failure = 'unavailable' where id = ${id}`;
    const { status, body } = await app.json(`POST /api/documents/${id}/retry`, { as: mine.owner });
    expect([status, body]).toEqual([202, { id, status: 'queued' }]);
    expect(await jobs(id)).toEqual(['ingest']);
  });

  it('has it read again once when it is asked for many times at once', async () => {
    const id = await waiting('retried by many');
    await database.owner`update documents set status = 'failed', failure = 'unavailable' where id = ${id}`;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => app.json(`POST /api/documents/${id}/retry`, { as: mine.owner })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ current: 'queued', needed: 'failed' });
    expect(await jobs(id)).toEqual(['ingest']);
  });

  it('is not possible in another state', async () => {
    const { status, body } = await app.json(`POST /api/documents/${ready}/retry`, { as: mine.owner });
    expect([status, body.type, body.current, body.needed]).toEqual([
      409,
      'urn:pandect:problem:wrong-state',
      'ready',
      'failed',
    ]);
  });

  it('is not there for a viewer', async () => {
    expect((await app.request(`POST /api/documents/${ready}/retry`, { as: viewer })).status).toBe(404);
  });
});

describe('DELETE /api/documents/:id', () => {
  it('takes the row, the text and the room away at once, and leaves the rest to a job', async () => {
    const other = await testOrganization(database);
    const id = await readyDocument({ ...place, organizationId: other.id }, { content: 'To be deleted' });
    const [before] = await database.owner`select storage_key from documents where id = ${id}`;
    const response = await app.request(`DELETE /api/documents/${id}`, { as: other.owner });
    expect([response.status, await response.text()]).toEqual([204, '']);
    const [left] = await database.owner`
      select (select count(*)::int from chunks where document_id = ${id}) as chunks,
        (select count(*)::int from document_texts where document_id = ${id}) as texts,
        storage_used::int, documents_version::int from organizations where id = ${other.id}`;
    expect(left).toEqual({ chunks: 0, texts: 0, storage_used: 0, documents_version: 2 });
    const [job] =
      await database.owner`select data from pgboss.job where name = 'maintenance' and data->>'documentId' = ${id}`;
    expect(job?.data).toMatchObject({
      kind: 'erase-document',
      organizationId: other.id,
      storageKey: before?.storage_key,
    });
    expect((await app.request(`DELETE /api/documents/${id}`, { as: other.owner })).status).toBe(404);
  });

  it('gives the room back once when two delete at once', async () => {
    const other = await testOrganization(database);
    const at = { ...place, organizationId: other.id };
    const id = await storedDocument(at, { content: 'Twelve bytes' });
    await storedDocument(at, { content: 'Stays' });
    await Promise.all([1, 2, 3].map(() => app.request(`DELETE /api/documents/${id}`, { as: other.owner })));
    const [left] = await database.owner`select storage_used::int from organizations where id = ${other.id}`;
    expect(left).toEqual({ storage_used: 5 });
    expect(await jobs(id)).toEqual(['maintenance']);
  });

  it('is not there for a viewer', async () => {
    expect((await app.request(`DELETE /api/documents/${ready}`, { as: viewer })).status).toBe(404);
    expect((await app.request(`GET /api/documents/${ready}`, { as: viewer })).status).toBe(200);
  });

  it('leaves the file to the job, so that a deletion that fails loses nothing', async () => {
    const id = await waiting('kept until the job');
    const [row] = await database.owner<{ storage_key: string }[]>`select storage_key from documents where id = ${id}`;
    await app.request(`DELETE /api/documents/${id}`, { as: mine.owner });
    await (await storage.open(row?.storage_key ?? '')).release();
  });
});
