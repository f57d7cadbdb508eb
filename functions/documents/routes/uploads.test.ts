import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { UploadOptions } from 'tus-js-client';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestOrganization, testOrganization } from '../../../modules/testing/organization.ts';
import { createPartialUploads } from '../../../platform/capabilities/storage/index.ts';
import { type TestApp, testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';
import { createRequests, encode, pathOf, sendPart, sendPieces, tus } from '../resumable/client.fixture.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
/** Another process of the function: nothing but the database and the disk in common. */
const next = await testApp(database, { name: 'documents', manifest, module }, { folder: app.folder });
const servers = await Promise.all([serve(app), serve(next)]);
const [first, second] = servers.map(({ url }) => url) as [string, string];
afterAll(async () => {
  await Promise.all(servers.map(({ close }) => close()));
  await next.close();
  await app.close();
  await database.close();
});

async function serve({ fetch }: TestApp) {
  const server = createServer(getRequestListener(fetch)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let mine: TestOrganization;
beforeEach(async () => {
  mine = await testOrganization(database);
});
const uploads = createPartialUploads({ directory: join(app.folder, 'files') });
const text = (megabytes: number) =>
  Buffer.from(`Статья 1. ${randomBytes(8).toString('hex')}\n`.padEnd(megabytes * 1024 * 1024, 'слово '));
const hash = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const storageUsed = async () =>
  Number((await database.owner`select storage_used from organizations where id = ${mine.id}`)[0]?.storage_used);
const rows = () =>
  database.owner`select id, file_name, bytes::int, status from documents where organization_id = ${mine.id} order by created_at`;
const send = (content: Buffer, options: Partial<UploadOptions> = {}) =>
  sendPieces({ at: first, by: mine.owner }, content, options);
const sendHalf = (content: Buffer, bytes: number) => sendPart({ at: first, by: mine.owner }, content, bytes);
const { begin, patch } = createRequests(app);

describe('a resumable upload', () => {
  it('becomes a document when the last piece is here, and not before', async () => {
    const content = text(3);
    const { url, error, header } = await send(content);
    expect(error).toBeUndefined();
    expect([...(await rows())]).toEqual([
      { id: header('pandect-document-id'), file_name: 'Устав.txt', bytes: content.length, status: 'queued' },
    ]);
    expect([header('pandect-duplicate'), await storageUsed()]).toEqual(['false', content.length]);
    const stored = await app.request(`GET /api/documents/${header('pandect-document-id')}/content`, { as: mine.owner });
    expect(hash(Buffer.from(await stored.arrayBuffer()))).toBe(hash(content));
    const { body } = await app.json(`GET ${pathOf(url)}`, { as: mine.owner });
    expect(body).toEqual({
      ...{ id: pathOf(url).split('/').at(-1), fileName: 'Устав.txt', bytes: content.length, offset: content.length },
      ...{ documentId: header('pandect-document-id'), duplicate: false, expiresAt: expect.any(String) },
    });
  });

  it.each([
    ['%D0%90%D0%BA%D1%82.txt', 'Акт.txt'],
    ["UTF-8''%D0%90%D0%BA%D1%82.txt", 'Акт.txt'],
    ['"Акт.txt"', 'Акт.txt'],
  ])('is named as its author wrote it: %s', async (filename, shown) => {
    await send(text(0), { metadata: { filename } });
    expect((await rows())[0]?.file_name).toBe(shown);
  });

  it('continues in another process where its connection was cut off', async () => {
    const content = text(24);
    const url = await sendHalf(content, 8 * 1024 * 1024);
    expect([...(await rows())]).toEqual([]);
    expect(await storageUsed()).toBe(0);
    let from: number | undefined;
    const { error, header } = await send(content, {
      uploadUrl: url.replace(first, second),
      onProgress: (sent) => {
        from ??= sent;
      },
    });
    expect([error, from]).toEqual([undefined, expect.toSatisfy((bytes: number) => bytes > 0)]);
    const [row] = await database.owner`select sha256 from documents where id = ${header('pandect-document-id') ?? ''}`;
    expect(row?.sha256).toBe(hash(content));
  });

  it('takes the place of a request for it that has not ended', async () => {
    const path = (await begin(mine.owner, 20)).headers.get('location') ?? '';
    const hanging = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('0123456789')),
    });
    const stuck = app.request(
      `PATCH ${path}` as 'PATCH /',
      {
        as: mine.owner,
        body: hanging,
        headers: {
          ...tus,
          'upload-offset': '0',
          'content-type': 'application/offset+octet-stream',
          'transfer-encoding': 'chunked',
        },
        duplex: 'half',
      } as object,
    );
    await expect
      .poll(async () => (await uploads.find({ ...mine.owner, organizationId: mine.id }, path.slice(-36)))?.offset)
      .toBe(10);
    const head = await next.request(`HEAD ${path}` as 'HEAD /', { as: mine.owner, headers: tus });
    expect([head.status, head.headers.get('upload-offset')]).toEqual([200, '10']);
    await stuck;
    expect((await patch(mine.owner, path, 10, 'abcdefghij')).status).toBe(415); // the name says nothing of its kind
  });

  it('of content that is there leads to the document, and has it tried again when that failed', async () => {
    const content = text(1);
    const one = await send(content);
    const two = await send(content, { metadata: { filename: 'other.txt' } });
    const id = one.header('pandect-document-id') ?? '';
    expect([two.header('pandect-document-id'), two.header('pandect-duplicate')]).toEqual([id, 'true']);
    await database.owner`update documents set status = 'failed', failure = 'crashed' where id = ${id}`;
    expect((await send(content)).header('pandect-document-id')).toBe(id);
    expect([...(await rows())]).toMatchObject([{ id, status: 'queued' }]);
    expect(await storageUsed()).toBe(content.length);
  });

  it('whose last answer was lost, or whose process was killed before it became a document, is finished when asked for', async () => {
    const owner = { organizationId: mine.id, userId: mine.owner.userId };
    const id = crypto.randomUUID();
    await uploads.create(owner, { id, bytes: 5, metadata: { filename: 'a.txt' } });
    await uploads.append(owner, id, 0, [Buffer.from('words')] as never);
    const answers = await Promise.all(
      [app, next, app].map((one) => one.request(`HEAD /api/uploads/${id}`, { as: mine.owner, headers: tus })),
    );
    const [row] = await rows();
    for (const { status, headers } of answers) {
      expect([status, headers.get('upload-offset'), headers.get('upload-length')]).toEqual([200, '5', '5']);
      expect([headers.get('pandect-document-id'), headers.get('pandect-duplicate')]).toEqual([row?.id, 'false']);
    }
    const again = await patch(mine.owner, `/api/uploads/${id}`, 5, '');
    expect([again.status, again.headers.get('pandect-document-id')]).toEqual([204, row?.id]);
  });

  it('is not finished by somebody who may no longer add documents', async () => {
    const viewer = await mine.addMember('viewer');
    const id = crypto.randomUUID();
    const owner = { organizationId: mine.id, userId: viewer.userId };
    await uploads.create(owner, { id, bytes: 5, metadata: { filename: 'a.txt' } });
    await uploads.append(owner, id, 0, [Buffer.from('words')] as never);
    const { status, body } = await app.json(`GET /api/uploads/${id}`, { as: viewer });
    expect([status, body.offset, body.documentId]).toEqual([200, 5, null]);
    expect([...(await rows())]).toEqual([]);
  });

  it('can be given up, and leaves nothing', async () => {
    const url = await sendHalf(text(24), 4 * 1024 * 1024);
    const answer = await app.request(`DELETE ${pathOf(url)}`, { as: mine.owner, headers: tus });
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect((await app.request(`HEAD ${pathOf(url)}`, { as: mine.owner, headers: tus })).status).toBe(404);
    expect(await uploads.held(mine.id)).toEqual({ uploads: 0, bytes: 0 });
  });

  it('may send its first piece, or all, with its beginning', async () => {
    const headers = {
      'upload-metadata': `filename ${encode('a.txt')}`,
      'content-type': 'application/offset+octet-stream',
      'content-length': '5',
    };
    const whole = await app.request('POST /api/uploads', {
      as: mine.owner,
      body: 'words',
      headers: { ...tus, 'upload-length': '5', ...headers },
    });
    expect([whole.status, whole.headers.get('pandect-document-id')]).toEqual([201, (await rows())[0]?.id]);
    const part = await app.request('POST /api/uploads', {
      as: mine.owner,
      body: 'words',
      headers: { ...tus, 'upload-length': '10', ...headers },
    });
    expect([part.status, part.headers.get('upload-offset')]).toEqual([201, '5']);
    expect(part.headers.get('upload-expires')).toMatch(/ GMT$/);
  });
});
