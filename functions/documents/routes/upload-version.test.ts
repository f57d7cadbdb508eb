import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readyDocument } from '../../../modules/testing/document.ts';
import { testIngest } from '../../../modules/testing/ingest.ts';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testWorker } from '../../../platform/testing/worker.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
const worker = await testWorker(database, testIngest, { folder: app.folder });
afterAll(async () => {
  await worker.close();
  await app.close();
  await database.close();
});

let mine: TestOrganization;
let first: string;
beforeEach(async () => {
  mine = await testOrganization(database, { tier: 'demo' });
  first = await readyDocument(
    { database, folder: app.folder, organizationId: mine.id },
    { content: 'Статья 1. Первая редакция' },
  );
});

const upload = (path: string, content: string, headers = {}) => {
  const body = new FormData();
  body.append('file', new Blob([content]), 'Устав.txt');
  return app.json(`POST ${path}` as 'POST /', { as: mine.owner, body, headers });
};
const newVersion = (content: string, of = first) => upload(`/api/documents/${of}/versions`, content);
const read = (documentId: string) => worker.deliver({ organizationId: mine.id, documentId });
const shown = async (id: string) => (await app.json(`GET /api/documents/${id}`, { as: mine.owner })).body;
const list = async (query = '') =>
  (await app.json(`GET /api/documents${query}` as 'GET /', { as: mine.owner })).body.items.map(
    ({ id }: { id: string }) => id,
  );
const problem = ({ status, body }: { status: number; body: { type: string } }) => [
  status,
  body.type.replace('urn:pandect:problem:', ''),
];

describe('a new version', () => {
  it('takes the place of the document when it is ready, and not before', async () => {
    const { status, body } = await newVersion('Статья 1. Вторая редакция');
    expect([status, body]).toEqual([202, { id: expect.any(String), status: 'queued', duplicate: false }]);
    expect(await shown(first)).toMatchObject({ status: 'ready', version: 1, replaces: null, replacedBy: null });
    expect(await shown(body.id)).toMatchObject({ status: 'queued', version: 2, replaces: first });
    await read(body.id);
    expect(await shown(first)).toMatchObject({ status: 'replaced', replacedBy: body.id });
    expect(await shown(body.id)).toMatchObject({ status: 'ready', version: 2, replaces: first, replacedBy: null });
    expect([await list(), await list('?status=replaced')]).toEqual([[body.id], [first]]);
    expect((await app.request(`GET /api/documents/${first}/text`, { as: mine.owner })).status).toBe(200);
  });

  it('that fails leaves the document in its place, and so does another after it', async () => {
    const failed = (await newVersion(' \n ')).body.id;
    await read(failed);
    expect([(await shown(failed)).status, (await shown(first)).status]).toEqual(['failed', 'ready']);
    const second = (await newVersion('Статья 1. Вторая редакция')).body.id;
    await read(second);
    expect([(await shown(first)).replacedBy, (await shown(second)).version]).toEqual([second, 2]);
    // What it would have replaced is not there to be replaced any more.
    const retried = await app.json(`POST /api/documents/${failed}/retry`, { as: mine.owner });
    expect(problem(retried)).toEqual([409, 'wrong-state']);
    expect((await shown(failed)).status).toBe('failed');
  });

  it('is one of two at once', async () => {
    const answers = await Promise.all([newVersion('One'), newVersion('Two')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    const [taken, refused] = answers.toSorted((a, b) => a.status - b.status);
    expect(refused?.body).toMatchObject({ type: 'urn:pandect:problem:version-pending', documentId: taken?.body.id });
  });

  it('sent twice is one, before and after it is ready, also under one Idempotency-Key', async () => {
    const send = (headers = {}) => upload(`/api/documents/${first}/versions`, 'Статья 1. Вторая редакция', headers);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const one = await send(key);
    expect(await send(key)).toEqual(one);
    const again = { id: one.body.id, duplicate: true };
    expect((await send()).body).toEqual({ ...again, status: 'queued' });
    await read(one.body.id);
    expect(await send(key)).toEqual(one);
    expect((await send()).body).toEqual({ ...again, status: 'ready' });
    expect((await newVersion('Статья 1. Вторая редакция', one.body.id)).body).toEqual({ ...again, status: 'ready' });
    expect(problem(await newVersion('Статья 1. Третья редакция'))).toEqual([409, 'wrong-state']);
  });

  it('may be an earlier one again', async () => {
    const second = (await newVersion('Статья 1. Вторая редакция')).body.id;
    await read(second);
    const third = (await newVersion('Статья 1. Первая редакция', second)).body;
    expect(third).toMatchObject({ status: 'queued', duplicate: false });
    await read(third.id);
    expect(await shown(third.id)).toMatchObject({ status: 'ready', version: 3, replaces: second });
    expect(await list('?status=replaced')).toEqual([second, first]);
  });

  it('is refused when another document has its content', async () => {
    const { body: other } = await upload('/api/documents', 'Другой документ');
    const refused = await newVersion('Другой документ');
    expect(problem(refused)).toEqual([409, 'content-taken']);
    expect(refused.body.documentId).toBe(other.id);
  });

  it('has a file that failed as a document tried again as a version', async () => {
    const { body } = await upload('/api/documents', 'Статья 1. Вторая редакция');
    await database.owner`update documents set status = 'failed', failure = 'crashed' where id = ${body.id}`;
    expect((await newVersion('Статья 1. Вторая редакция')).body).toEqual({
      ...{ id: body.id, status: 'queued', duplicate: true },
    });
    expect(await shown(body.id)).toMatchObject({ version: 2, replaces: first, failure: null });
  });

  it('of a document that is not ready, missing, or another organization’s is refused', async () => {
    const { body: waiting } = await upload('/api/documents', 'Another');
    expect(problem(await newVersion('New', waiting.id))).toEqual([409, 'wrong-state']);
    expect(problem(await newVersion('New', crypto.randomUUID()))).toEqual([404, 'not-found']);
    const owner = mine;
    mine = await testOrganization(database);
    expect(problem(await newVersion('New'))).toEqual([404, 'not-found']);
    mine = { ...owner, owner: await owner.addMember('viewer') } as TestOrganization;
    expect(problem(await newVersion('New'))).toEqual([404, 'not-found']);
  });

  it('needs no room for another document, and none is left that was replaced', async () => {
    const documents = async () => {
      const [row] = await database.owner`
        select count(*)::int as n from documents where organization_id = ${mine.id} and status <> 'replaced'`;
      return row?.n;
    };
    for (let n = 0; n < 4; n++) expect((await upload('/api/documents', `Document ${n}`)).status).toBe(202);
    expect((await upload('/api/documents', 'One too many')).status).toBe(403);
    const { status, body } = await newVersion('Статья 1. Вторая редакция');
    expect([status, await documents()]).toEqual([202, 6]);
    await read(body.id);
    expect([await documents(), (await upload('/api/documents', 'One too many')).status]).toEqual([5, 403]);
    // Its bytes are held until it is deleted.
    const held = async () =>
      Number((await database.owner`select storage_used from organizations where id = ${mine.id}`)[0]?.storage_used);
    const before = await held();
    await app.request(`DELETE /api/documents/${first}`, { as: mine.owner });
    expect(await held()).toBe(before - Buffer.byteLength('Статья 1. Первая редакция'));
    expect((await shown(body.id)).replaces).toBeNull();
  });

  it('stands by itself when the document was deleted in the meantime', async () => {
    const { body } = await newVersion('Статья 1. Вторая редакция');
    await app.request(`DELETE /api/documents/${first}`, { as: mine.owner });
    await read(body.id);
    expect(await shown(body.id)).toMatchObject({ status: 'ready', replaces: null });
  });
});
