import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readyDocument, storedDocument } from '../../../modules/testing/document.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { createLocalStorage } from '../../../platform/capabilities/storage/index.ts';
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
const place = { database, folder: app.folder, organizationId: mine.id };
const text = 'Договор аренды\n\nАрендная плата составляет 50 000 рублей в месяц.\n';
const ready = await readyDocument(place, { fileName: 'Договор аренды.txt', content: text });
const storage = createLocalStorage({ directory: join(app.folder, 'files') });
const waiting = (content: string) => storedDocument(place, { content });

describe('GET /api/documents/:id/content', () => {
  it('of a document whose file is missing says so, and has it counted', async () => {
    const id = await waiting('Lost');
    const [row] = await database.owner`select storage_key from documents where id = ${id}`;
    await storage.remove(row?.storage_key);
    const headers = { 'accept-language': 'ru' };
    for (const _ of [1, 2]) {
      const { status, body } = await app.json(`GET /api/documents/${id}/content`, { as: viewer, headers });
      expect([status, body.type, body.title]).toEqual([404, 'urn:pandect:problem:file-missing', 'Файл отсутствует']);
    }
    const [found] = await database.owner`select file_missing_at from documents where id = ${id}`;
    expect(found?.file_missing_at).toBeInstanceOf(Date);
    expect((await app.json(`GET /api/documents/${id}`, { as: viewer })).status).toBe(200);
    await database.owner`delete from documents where id = ${id}`;
  });

  it('gives the file as it was uploaded, to be saved and not shown', async () => {
    const response = await app.request(`GET /api/documents/${ready}/content`, { as: viewer });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-length': String(Buffer.byteLength(text)),
      'content-disposition': `attachment; filename="_______ ______.txt"; filename*=UTF-8''${encodeURIComponent('Договор аренды.txt')}`,
      'cache-control': 'private, no-cache',
    });
    expect(await response.text()).toBe(text);
  });

  it('gives the part of the file that is asked for', async () => {
    const read = (headers: Record<string, string>, method = 'GET') =>
      app.request(`${method} /api/documents/${ready}/content`, { as: viewer, headers });
    const whole = Buffer.from(text);
    const part = await read({ range: 'bytes=2-5' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-5/${whole.length}`]);
    expect(part.headers.get('content-length')).toBe('4');
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(2, 6));
    const end = await read({ range: 'bytes=-4', 'if-range': part.headers.get('etag') ?? '' });
    expect(Buffer.from(await end.arrayBuffer())).toEqual(whole.subarray(-4));
    const changed = await read({ range: 'bytes=2-5', 'if-range': '"another version"' });
    expect([changed.status, await changed.text()]).toEqual([200, text]);
    const several = await read({ range: 'bytes=0-1,4-5' });
    expect([several.status, await several.text()]).toEqual([200, text]);
    const outside = await read({ range: `bytes=${whole.length}-` });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
    expect(await outside.json()).toMatchObject({
      type: 'urn:pandect:problem:range-not-satisfiable',
      size: whole.length,
    });
    const head = await read({}, 'HEAD');
    expect([head.headers.get('accept-ranges'), head.headers.get('content-length')]).toEqual([
      'bytes',
      String(whole.length),
    ]);
  });

  it('is not sent again to who has it', async () => {
    const etag = (await app.request(`GET /api/documents/${ready}/content`, { as: viewer })).headers.get('etag') ?? '';
    const again = await app.request(`GET /api/documents/${ready}/content`, {
      as: viewer,
      headers: { 'if-none-match': etag },
    });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  });
});

describe('GET /api/documents/:id/text', () => {
  it('gives the text that spans count in', async () => {
    const response = await app.request(`GET /api/documents/${ready}/text`, { as: viewer });
    const [stored] = await database.owner`select content from document_texts where document_id = ${ready}`;
    expect(await response.text()).toBe(stored?.content);
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('is not sent again to who has it', async () => {
    const etag = (await app.request(`GET /api/documents/${ready}/text`, { as: viewer })).headers.get('etag') ?? '';
    const again = await app.request(`GET /api/documents/${ready}/text`, {
      as: viewer,
      headers: { 'if-none-match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('is not there before it was read', async () => {
    expect((await app.request(`GET /api/documents/${await waiting('unread')}/text`, { as: viewer })).status).toBe(404);
  });
});
