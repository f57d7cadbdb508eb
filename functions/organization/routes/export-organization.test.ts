import { readdir, readlink } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { afterAll, describe, expect, it } from 'vitest';
import { readyDocument, storedDocument } from '../../../modules/testing/document.ts';
import { fillEveryTable } from '../../../modules/testing/every-table.ts';
import { testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { readZip } from '../../../platform/testing/read-zip.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'organization', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

const mine = await testOrganization(database, { name: 'Mine' });
const theirs = await testOrganization(database, { name: 'Theirs' });
const own = await fillEveryTable(database, mine);
const foreign = await fillEveryTable(database, theirs);
const place = { database, folder: app.folder, organizationId: mine.id };
const content = 'Статья 1. Срок аренды составляет один год.\n';
const ready = await readyDocument(place, { content });
const failed = await storedDocument(place, { fileName: 'scan.pdf', format: 'pdf', content: Buffer.from([0, 255]) });
// More than one page of rows, many of them of one moment.
await database.owner`
  insert into usage_logs (organization_id, user_id, action, created_at)
  select ${mine.id}, ${mine.owner.userId}, 'search', '2026-03-01'::timestamptz + (n / 100) * interval '1 microsecond'
  from generate_series(1, 1700) n`;

const exported = async () => {
  const response = await app.request('GET /api/organization/export', { as: mine.owner });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  return readZip(await buffer(response.body as NodeStream));
};

describe('GET /api/organization/export', () => {
  it('holds the files and the texts as they are', async () => {
    const entries = await exported();
    expect([...entries.keys()].toSorted()).toEqual(
      [
        'data.json',
        `files/${ready}.txt`,
        `files/${failed}.pdf`,
        ...[ready, failed, own.documentId].map((id) => `texts/${id}.txt`),
      ].toSorted(),
    );
    expect(entries.get(`files/${ready}.txt`)?.toString()).toBe(content);
    expect(entries.get(`files/${failed}.pdf`)).toEqual(Buffer.from([0, 255]));
    expect(entries.get(`texts/${ready}.txt`)?.toString()).toContain('Срок аренды составляет один год.');
    expect(entries.get(`texts/${failed}.txt`)?.length).toBe(0);
  });

  it('holds every row of the organization, once, and of no other', async () => {
    const text = (await exported()).get('data.json')?.toString() ?? '';
    const data = JSON.parse(text);
    expect(data.organization).toMatchObject({ id: mine.id, name: 'Mine' });
    expect(data.people).toEqual([expect.objectContaining({ email: mine.owner.email, role: 'owner' })]);
    expect(data.usage).toHaveLength(1701);
    expect(new Set(data.usage.map(({ id }: { id: string }) => id)).size).toBe(1701);
    for (const name of ['apiKeys', 'invitations', 'invoices', 'payments']) expect(data[name]).toHaveLength(1);
    const acts = data.audit.map(({ action }: { action: string }) => action);
    expect(acts.filter((action: string) => action !== 'export-organization')).toEqual(['invite-member']);
    expect(acts).toContain('export-organization');
    expect(data.documents).toHaveLength(3);
    const readers = [{ userId: mine.owner.userId, sharedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) }];
    expect(data.conversations).toMatchObject([{ id: own.conversationId, readers, messages: [{ content: 'Term?' }] }]);
    for (const alien of [theirs.id, theirs.owner.email, foreign.documentId]) expect(text).not.toContain(alien);
  });

  it('holds no secret, not even as a digest', async () => {
    const text = (await exported()).get('data.json')?.toString() ?? '';
    const [key] = await database.owner`select key_hash as hash from api_keys where organization_id = ${mine.id}`;
    const [invitation] =
      await database.owner`select token_hash as hash from invitations where organization_id = ${mine.id}`;
    const [person] = await database.owner`select password_hash as hash from users where id = ${mine.owner.userId}`;
    for (const row of [key, invitation]) expect(text).not.toContain(row?.hash);
    expect(text).not.toContain(`"${person?.hash}"`);
    expect(text).not.toMatch(/password|hash/i);
  });

  it.each(['admin', 'member', 'viewer'] as const)('is not there for a %s', async (role) => {
    expect((await app.request('GET /api/organization/export', { as: await mine.addMember(role) })).status).toBe(404);
  });

  it('lets go of its files when the client leaves in the middle of one', async () => {
    const large = await storedDocument(place, { fileName: 'large.txt', content: 'x'.repeat(8 * 1024 * 1024) });
    const [row] = await database.owner`select storage_key as key from documents where id = ${large}`;
    const opened = async () => {
      const links = await readdir('/proc/self/fd').then((names) =>
        Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => ''))),
      );
      return links.some((target) => target.endsWith(row?.key));
    };
    const response = await app.request('GET /api/organization/export', { as: mine.owner });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    while (!(await opened())) await reader.read();
    await reader.cancel();
    await expect.poll(opened).toBe(false);
    await database.owner`delete from documents where id = ${large}`;
  });
});
