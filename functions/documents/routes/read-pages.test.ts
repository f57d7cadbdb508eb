import { afterAll, describe, expect, it } from 'vitest';
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
const scan = await readyDocument(place, { fileName: 'scan.pdf', content: 'Rent is due.\nMonthly in advance.' });
await database.owner`update document_texts set page_starts = '{0,13}' where document_id = ${scan}`;
for (const [page, words] of [
  [1, [0, 4, 720, 1003, 219, 96, 5, 7, 950, 1003, 100, 96]],
  [2, [13, 20, 720, 1003, 400, 96]],
] as const) {
  await database.owner`
    insert into recognized_pages (document_id, organization_id, page, width, height, words)
    values (${scan}, ${mine.id}, ${page}, 595.3, 841.9, ${words as unknown as number[]})`;
}
const read = (query = '', headers: Record<string, string> = {}) =>
  app.json(`GET /api/documents/${scan}/pages${query}`, { as: viewer, headers });

describe('GET /api/documents/:id/pages', () => {
  it('gives where pages start and where the words of recognized ones stand', async () => {
    const { status, body } = await read();
    expect([status, body.pageStarts]).toEqual([200, [0, 13]]);
    const size = { width: expect.closeTo(595.3, 3), height: expect.closeTo(841.9, 3) };
    const first = [
      [0, 4, 72, 100.3, 21.9, 9.6],
      [5, 7, 95, 100.3, 10, 9.6],
    ];
    expect(body.recognized).toEqual([
      { page: 1, ...size, words: first },
      { page: 2, ...size, words: [[13, 20, 72, 100.3, 40, 9.6]] },
    ]);
  });

  it('gives the recognized pages that are asked for', async () => {
    const numbers = async (query: string) =>
      (await read(query)).body.recognized.map(({ page }: { page: number }) => page);
    expect(await numbers('?firstPage=2')).toEqual([2]);
    expect(await numbers('?lastPage=1')).toEqual([1]);
    expect((await read('?firstPage=0')).status).toBe(400);
  });

  it('is not sent again to who has it', async () => {
    const etag = (await app.request(`GET /api/documents/${scan}/pages`, { as: viewer })).headers.get('etag') ?? '';
    const again = await app.request(`GET /api/documents/${scan}/pages`, {
      as: viewer,
      headers: { 'if-none-match': etag },
    });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  });

  it('has no pages for a format without them', async () => {
    const id = await readyDocument(place, { fileName: 'note.txt', content: 'A note without pages.' });
    const { body } = await app.json(`GET /api/documents/${id}/pages`, { as: viewer });
    expect(body).toEqual({ pageStarts: [], recognized: [] });
  });

  it('is not there for strangers, nor before the document was read', async () => {
    const unread = await storedDocument(place, { content: 'unread' });
    const known = { 'if-none-match': `"pages-${scan}"` };
    const answers = [
      app.json(`GET /api/documents/${scan}/pages`, { as: stranger.owner }),
      app.json(`GET /api/documents/${scan}/pages`, { as: stranger.owner, headers: known }),
      app.json(`GET /api/documents/${unread}/pages`, { as: viewer }),
    ];
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});
