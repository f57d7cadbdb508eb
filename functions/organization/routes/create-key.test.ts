import { afterAll, describe, expect, it } from 'vitest';
import { createKeyVerifier } from '../../../modules/people/identity/key-verifier.ts';
import { type TestMember, testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as conversations from '../../conversations/app.ts';
import conversationsManifest from '../../conversations/function.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'organization', manifest, module });
const other = await testApp(database, {
  name: 'conversations',
  manifest: conversationsManifest,
  module: conversations,
});
afterAll(async () => {
  await app.close();
  await other.close();
  await database.close();
});
const mine = await testOrganization(database);
const theirs = await testOrganization(database);

const create = (as: TestMember, json: unknown, headers = {}) => app.json('POST /api/keys', { as, json, headers });
const made = async (as: TestMember, scopes = ['conversations']) => {
  const { status, body } = await create(as, { name: 'Site', scopes });
  expect(status).toBe(201);
  return body as { id: string; key: string; prefix: string };
};
const ids = async (as: TestMember) =>
  (await app.json('GET /api/keys?limit=100', { as })).body.items.map(({ id }: { id: string }) => id);
const revoke = (as: TestMember, id: string) => app.request(`DELETE /api/keys/${id}`, { as });
const use = async (key: string) => (await other.request('GET /api/conversations', { as: { token: key } })).status;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe('POST /api/keys', () => {
  it('shows the key once, and it works at once in its scope', async () => {
    const member = await mine.addMember('member');
    const expiresAt = inDays(30);
    const { status, body } = await create(member, { name: ' Site ', scopes: ['conversations'], expiresAt });
    expect([status, body]).toEqual([
      201,
      {
        ...{
          id: expect.any(String),
          userId: member.userId,
          name: 'Site',
          scopes: ['conversations'],
          channel: 'external',
        },
        ...{ routes: null, rpm: null, tpm: null, concurrency: null, replacedBy: null, graceUntil: null },
        ...{ expiresAt, lastUsedAt: null, revokedAt: null, createdAt: expect.any(String) },
        ...{ key: expect.stringMatching(/^pandect_[\w-]{22}_[\w-]{43}$/), prefix: body.key.slice(0, 37) },
      },
    ]);
    expect(await use(body.key)).toBe(200);
    const { body: listed } = await app.json('GET /api/keys', { as: member });
    expect(listed.items).toMatchObject([{ id: body.id, lastUsedAt: expect.any(String) }]);
    expect(JSON.stringify([listed, ...(await database.owner`select * from api_keys`)])).not.toContain(body.key);
  });

  it('makes one for an Idempotency-Key, and shows it to the first request only', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const json = { name: 'Once', scopes: ['ask'] };
    const first = (await create(mine.owner, json, headers)).body;
    expect(first.key).not.toBeNull();
    expect((await create(mine.owner, json, headers)).body).toEqual({ ...first, key: null });
    expect((await create(mine.owner, { ...json, name: 'Other' }, headers)).status).toBe(422);
    const kept = await database.owner`select * from idempotency_keys`;
    expect(JSON.stringify([...kept])).not.toContain(first.key);
  });

  it('is not there for viewers', async () => {
    expect((await create(await mine.addMember('viewer'), { name: 'k', scopes: ['ask'] })).status).toBe(404);
  });

  it.each([
    [{}],
    [{ name: 'k', scopes: [] }],
    [{ name: 'k', scopes: ['admin'] }],
    [{ name: 'k', scopes: ['ask', 'ask'] }],
    [{ name: ' ', scopes: ['ask'] }],
    [{ name: 'k', scopes: ['ask'], channel: 'internal' }],
    [{ name: 'k', scopes: ['ask'], userId: mine.owner.userId }],
    [{ name: 'k', scopes: ['ask'], expiresAt: inDays(-1) }],
    [{ name: 'k', scopes: ['ask'], expiresAt: inDays(367) }],
    [{ name: 'k', scopes: ['ask'], expiresAt: 'tomorrow' }],
    [{ name: 'k', scopes: ['gateway'], routes: [] }],
    [{ name: 'k', scopes: ['gateway'], routes: ['a*'] }],
    [{ name: 'k', scopes: ['gateway'], routes: ['*/a'] }],
    [{ name: 'k', scopes: ['gateway'], rpm: 0 }],
  ])('refuses %j', async (json) => {
    expect((await create(mine.owner, json)).status).toBe(400);
  });
});

describe('a key', () => {
  it('opens nothing but its scopes', async () => {
    const member = await mine.addMember('member');
    const [right, wrong] = [await made(member), await made(member, ['ask', 'search', 'usage'])];
    expect(await use(right.key)).toBe(200);
    expect(await use(wrong.key)).toBe(404);
    for (const call of ['GET /api/organization', 'GET /api/keys', 'GET /api/organization/export'] as const) {
      const response = await app.request(call, { as: { token: (await made(mine.owner)).key } });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
  });

  it('is revoked by its person or an administrator, and by no one else', async () => {
    const [member, colleague, admin] = [
      await mine.addMember('member'),
      await mine.addMember('member'),
      await mine.addMember('admin'),
    ];
    const [one, two] = [await made(member), await made(member)];
    expect(await use(one.key)).toBe(200);
    for (const as of [colleague, theirs.owner]) expect((await revoke(as, one.id)).status).toBe(404);
    expect((await revoke(member, one.id)).status).toBe(204);
    expect((await revoke(admin, two.id)).status).toBe(204);
    expect((await revoke(admin, two.id)).status).toBe(204);
    await expect.poll(() => use(one.key), { timeout: 5_000 }).toBe(401);
    expect(await use(two.key)).toBe(401);
    const acts = await database.owner`select action from audit_log where target = ${two.id} order by created_at`;
    expect(acts.map(({ action }) => action)).toEqual(['create-key', 'revoke-key']);
  });

  it('ends with its person', async () => {
    const member = await mine.addMember('member');
    const { key } = await made(member);
    expect((await app.request(`DELETE /api/organization/members/${member.userId}`, { as: mine.owner })).status).toBe(
      204,
    );
    await expect.poll(() => use(key), { timeout: 5_000 }).toBe(401);
  });
});

describe('PATCH /api/keys/{id}', () => {
  const change = (as: TestMember, id: string, json: unknown) => app.json(`PATCH /api/keys/${id}`, { as, json });
  const limits = { routes: ['default', 'team/*'], rpm: 60, tpm: 1_000, concurrency: 2 };

  it('changes limits of the person’s own key, or of any for administrators', async () => {
    const member = await mine.addMember('member');
    const { body: key } = await create(member, { name: 'Gate', scopes: ['gateway'], ...limits });
    expect(key).toMatchObject(limits);
    const changed = await change(member, key.id, { name: 'Gateway', rpm: null, routes: ['cheap'] });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      { ...limits, name: 'Gateway', rpm: null, routes: ['cheap'] },
    ]);
    expect((await change(mine.owner, key.id, { tpm: 7 })).body.tpm).toBe(7);
    for (const as of [theirs.owner, await mine.addMember('member')]) {
      expect((await change(as, key.id, { tpm: 8 })).status).toBe(404);
    }
    const { items } = (await app.json('GET /api/keys', { as: member })).body;
    expect(items).toMatchObject([{ name: 'Gateway', tpm: 7, concurrency: 2 }]);
  });

  it.each([[{}], [{ channel: 'internal' }], [{ scopes: ['ask'] }], [{ concurrency: -1 }]])(
    'refuses %j',
    async (json) => {
      const { id } = await made(mine.owner);
      expect((await change(mine.owner, id, json)).status).toBe(400);
    },
  );
});

describe('POST /api/keys/{id}/rotate', () => {
  const rotate = (as: TestMember, id: string, graceSeconds: number) =>
    app.json(`POST /api/keys/${id}/rotate`, { as, json: { graceSeconds } });
  const verify = (key: string) => createKeyVerifier(database.tenant).verify(key);

  it('makes another secret for the same key, and the old one works until the grace ends', async () => {
    const { body: key } = await create(mine.owner, { name: 'Turn', scopes: ['conversations'], tpm: 5 });
    const { status, body } = await rotate(mine.owner, key.id, 60);
    expect([status, body]).toMatchObject([200, { id: key.id, tpm: 5, replacedBy: null }]);
    expect(body.key).not.toBe(key.key);
    expect(await use(key.key)).toBe(200);
    expect(await use(body.key)).toBe(200);
    const callers = await Promise.all([verify(key.key), verify(body.key)]);
    expect(callers).toMatchObject(Array(2).fill({ keyId: key.id, gateway: { tokensPerMinute: 5 } }));
    await database.owner`update api_keys set expires_at = now() where replaced_by = ${key.id}`;
    await expect(verify(key.key)).rejects.toMatchObject({ type: 'unauthenticated' });
    expect(await verify(body.key)).toMatchObject({ keyId: key.id });
  });

  it('without a grace ends the old one at once, and revoking the key ends all of its secrets', async () => {
    const key = await made(mine.owner);
    const { body: second } = await rotate(mine.owner, key.id, 0);
    await expect(verify(key.key)).rejects.toMatchObject({ type: 'unauthenticated' });
    const { body: third } = await rotate(mine.owner, key.id, 600);
    expect(await verify(second.key)).toMatchObject({ keyId: key.id });
    expect((await revoke(mine.owner, key.id)).status).toBe(204);
    for (const secret of [second.key, third.key]) {
      await expect(verify(secret)).rejects.toMatchObject({ type: 'unauthenticated' });
    }
    expect((await rotate(mine.owner, key.id, 0)).status).toBe(404);
  });

  it('is for the person whose key it is', async () => {
    const key = await made(await mine.addMember('member'));
    for (const as of [mine.owner, theirs.owner]) expect((await rotate(as, key.id, 0)).status).toBe(404);
    expect(await use(key.key)).toBe(200);
  });
});

describe('GET /api/keys', () => {
  it('shows members their own keys and administrators all of the organization’s', async () => {
    const fresh = await testOrganization(database);
    const [one, two] = [await fresh.addMember('member'), await fresh.addMember('member')];
    const [first, second] = [await made(one), await made(two)];
    expect(await ids(one)).toEqual([first.id]);
    expect(await ids(two)).toEqual([second.id]);
    expect(await ids(fresh.owner)).toEqual([second.id, first.id]);
    expect(await ids(theirs.owner)).toEqual([]);
  });

  it('continues page by page without losing or repeating one', async () => {
    const fresh = await testOrganization(database);
    const expected = [];
    for (let count = 0; count < 5; count++) expected.unshift((await made(fresh.owner)).id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await app.json(`GET /api/keys?limit=2${cursor && `&cursor=${cursor}`}`, { as: fresh.owner });
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(expected);
  });
});
