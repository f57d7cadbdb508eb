import { afterAll, describe, expect, it } from 'vitest';
import { readDocx } from '../../../modules/legal/reading/docx/read-docx.ts';
import { readWith } from '../../../modules/legal/reading/fixtures/read-with.ts';
import { readyDocument, storedDocument } from '../../../modules/testing/document.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

const mine = await testOrganization(database);
const viewer = await mine.addMember('viewer');
const stranger = await testOrganization(database);
const place = { database, folder: app.folder, organizationId: mine.id };
const before = '1. Предмет договора аренды.\n\n2. Плата составляет 500 рублей.';
const after = '1. Предмет договора аренды.\n\n2. Плата составляет 600 рублей.';
const old = await readyDocument(place, { fileName: 'Договор.txt', content: before });
const now = await readyDocument(place, { fileName: 'Договор 2.txt', content: after });
const compare = (one: string, other: string, options: object = {}) =>
  app.request(`GET /api/documents/${one}/compare/${other}`, { as: viewer, ...options });

describe('GET /api/documents/:id/compare/:other', () => {
  it('says clause by clause which words differ', async () => {
    const response = await compare(old, now);
    const body = await response.json();
    expect([response.status, body.counts]).toEqual([
      200,
      { same: 1, renumbered: 0, changed: 1, moved: 0, inserted: 0, removed: 0, wordsInserted: 1, wordsRemoved: 1 },
    ]);
    const [same, changed] = body.clauses;
    expect(same).toMatchObject({ change: 'same', edits: [] });
    const [[from, to, start, end]] = changed.edits;
    expect([before.slice(from, to), after.slice(start, end)]).toEqual(['500', '600']);
    expect(after.slice(changed.after.start, changed.after.end)).toBe('2. Плата составляет 600 рублей.');
  });

  it('is not sent again to who has it', async () => {
    const etag = (await compare(old, now)).headers.get('etag') ?? '';
    const again = await compare(old, now, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await compare(now, old, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  it('compares versions of one document after the older one was replaced', async () => {
    await database.owner`update documents set status = 'replaced' where id = ${old}`;
    await database.owner`update documents set replaces = ${old}, version = 2 where id = ${now}`;
    expect((await compare(old, now)).status).toBe(200);
  });

  it('is refused for what has no text yet, and not there for strangers', async () => {
    const unread = await storedDocument(place, { content: 'unread' });
    const answers = [compare(old, unread), compare(old, now, { as: stranger.owner })];
    const bodies = await Promise.all((await Promise.all(answers)).map((response) => response.json()));
    expect(bodies.map(({ type }) => type)).toEqual([
      'urn:pandect:problem:wrong-state',
      'urn:pandect:problem:not-found',
    ]);
  });

  it('is a Word document in the language of the reader', async () => {
    const response = await app.request(`GET /api/documents/${old}/compare/${now}/docx`, {
      as: viewer,
      headers: { 'accept-language': 'ru' },
    });
    expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('Сравнение редакций'));
    const { text } = await readWith(readDocx, Buffer.from(await response.arrayBuffer()));
    expect(text).toContain('Изменено пунктов: 1');
    expect(text).toContain('2. Плата составляет 600 рублей.');
  });
});
