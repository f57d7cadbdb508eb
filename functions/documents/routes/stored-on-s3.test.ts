import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { startS3Server } from '../../../platform/testing/s3-server.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';
import { sendPieces } from '../resumable/client.fixture.ts';

const database = await testDatabase();
const s3 = await startS3Server();
const environment = {
  ...{ STORAGE: 's3', S3_ENDPOINT: s3.endpoint, S3_REGION: s3.region, S3_BUCKET: s3.bucket },
  ...{ S3_ACCESS_KEY_ID: s3.accessKeyId, S3_SECRET_ACCESS_KEY: s3.secretAccessKey, OUTBOUND_WHITELIST: '127.0.0.1' },
};
const app = await testApp(database, { name: 'documents', manifest, module }, { environment });
const server = createServer(getRequestListener(app.fetch)).listen(0, '127.0.0.1');
await once(server, 'listening');
const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const mine = await testOrganization(database);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await app.close();
  await s3.close();
  await database.close();
});

const text = (bytes: number) => Buffer.from(`Статья 1. ${randomBytes(8).toString('hex')}\n`.padEnd(bytes, 'слово '));
const upload = (content: Buffer) => {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(content)], { type: 'text/plain' }), 'Устав.txt');
  return app.json('POST /api/documents', { as: mine.owner, body: form });
};
const keyOf = async (id: string) =>
  String((await database.owner`select storage_key from documents where id = ${id}`)[0]?.storage_key);
const read = (id: string, headers: Record<string, string> = {}) =>
  app.request(`GET /api/documents/${id}/content`, { as: mine.owner, headers });

describe('a document on S3', () => {
  it('is stored by an uploaded form, and read whole and in parts', async () => {
    const content = text(200_000);
    const { status, body } = await upload(content);
    expect(status).toBe(202);
    expect(await readFile(s3.pathOf(await keyOf(body.id)))).toEqual(content);
    expect(Buffer.from(await (await read(body.id)).arrayBuffer())).toEqual(content);
    const part = await read(body.id, { range: 'bytes=1000-1999' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 1000-1999/${content.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(content.subarray(1000, 2000));
    const outside = await read(body.id, { range: `bytes=${content.length}-` });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${content.length}`]);
  });

  it('is stored by a resumable upload', async () => {
    const content = text(3_000_000);
    const { error, header } = await sendPieces({ at, by: mine.owner }, content);
    expect(error).toBeUndefined();
    expect(await readFile(s3.pathOf(await keyOf(header('pandect-document-id') ?? '')))).toEqual(content);
  });

  it('is told of as missing when S3 has it no more', async () => {
    const { body } = await upload(text(100));
    await app.boot.use(module.provide.storage).then(async (storage) => storage.remove(await keyOf(body.id)));
    expect(await app.json(`GET /api/documents/${body.id}/content`, { as: mine.owner })).toMatchObject({
      status: 404,
      body: { type: 'urn:pandect:problem:file-missing' },
    });
  });

  it('is refused for a while when S3 is unavailable, and nothing is kept', async () => {
    const before = await s3.countObjects();
    const broken = Array.from({ length: 5 }, () => ({ kind: 'refuse', status: 503, code: 'SlowDown' }) as const);
    s3.fail('PUT', ...broken);
    expect(await upload(text(100))).toMatchObject({ status: 503, body: { type: 'urn:pandect:problem:unavailable' } });
    expect(await s3.countObjects()).toBe(before);
    const logged = JSON.stringify(app.log);
    expect(logged).toContain('SlowDown');
    expect(logged).not.toContain(s3.secretAccessKey);
  });
});
