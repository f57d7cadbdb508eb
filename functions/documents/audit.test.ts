import { afterAll, expect, it } from 'vitest';
import { readyDocument } from '../../modules/testing/document.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'documents', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

/** Of the client; what stands before it in the header, a client may have sent. */
const ADDRESS = '203.0.113.77';
const headers = { 'x-forwarded-for': `192.0.2.9, ${ADDRESS}` };

it('writes down who uploaded, replaced, downloaded and deleted a document, from where, and nothing for what is refused', async () => {
  const { id: organizationId, owner, addMember } = await testOrganization(database);
  const place = { database, folder: app.folder, organizationId };
  const acts = async () => {
    const rows = await database.owner`
      select actor, action, target, address from audit_log where organization_id = ${organizationId} order by created_at`;
    return [...rows];
  };
  const entry = (action: string, target: string) => ({ actor: owner.email, action, target, address: ADDRESS });
  const upload = async (path: string, content: string) => {
    const form = new FormData();
    form.set('file', new Blob([content]), 'terms.txt');
    const response = await app.request(`POST ${path}` as 'POST /api/documents', { as: owner, headers, body: form });
    return (await response.json()) as { id: string };
  };

  const { id: uploaded } = await upload('/api/documents', 'Article 1. The rent is due.');
  expect(await upload('/api/documents', 'Article 1. The rent is due.')).toMatchObject({ id: uploaded });
  const id = await readyDocument(place, { content: 'Article 2. The deposit is due.' });
  const version = await upload(`/api/documents/${id}/versions`, 'Article 2. The deposit is due later.');
  const content = await app.request(`GET /api/documents/${id}/content`, { as: owner, headers });
  await app.request(`GET /api/documents/${id}/content`, {
    as: owner,
    headers: { ...headers, 'if-none-match': content.headers.get('etag') ?? '' },
  });
  await app.request(`GET /api/documents/${id}/text`, { as: owner, headers });
  await app.request(`DELETE /api/documents/${uploaded}`, { as: owner, headers });
  await app.request(`DELETE /api/documents/${uploaded}`, { as: owner, headers });
  await app.request(`DELETE /api/documents/${id}`, { as: await addMember('viewer') });
  for (const path of ['content', 'text']) {
    await app.request(`GET /api/documents/${crypto.randomUUID()}/${path}`, { as: owner });
  }
  expect(await acts()).toEqual([
    entry('upload-document', uploaded),
    entry('replace-document', version.id),
    entry('download-document', id),
    entry('download-text', id),
    entry('delete-document', uploaded),
  ]);
});

it('takes the parts of a file that one person reads for one download, and those of another for another', async () => {
  const { id: organizationId, owner, addMember } = await testOrganization(database);
  const id = await readyDocument({ database, folder: app.folder, organizationId }, { content: 'Article 3. Parts.' });
  const colleague = await addMember('viewer');
  const read = async (as: typeof owner, range?: string) => {
    const { status } = await app.request(`GET /api/documents/${id}/content`, { as, headers: range ? { range } : {} });
    expect(status).toBe(range ? 206 : 200);
  };
  for (const range of ['bytes=0-3', 'bytes=4-7', 'bytes=-2']) await read(owner, range);
  await read(colleague, 'bytes=4-7');
  await database.owner`
    update audit_log set created_at = created_at - interval '11 minutes' where actor_id = ${colleague.userId}`;
  await read(colleague, 'bytes=0-3');
  await read(owner);
  const rows = await database.owner`
    select actor_id, count(*)::int as count from audit_log
    where organization_id = ${organizationId} and action = 'download-document' group by actor_id`;
  expect(Object.fromEntries(rows.map(({ actor_id: actor, count }) => [actor, count]))).toEqual({
    [owner.userId]: 2,
    [colleague.userId]: 2,
  });
});
