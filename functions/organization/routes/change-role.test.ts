import { afterAll, describe, expect, it } from 'vitest';
import { type TestMember, testOrganization } from '../../../modules/testing/organization.ts';
import { testApp } from '../../../platform/testing/app.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import * as module from '../app.ts';
import manifest from '../function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'organization', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const theirs = await testOrganization(database);

const change = (as: TestMember, { userId }: Pick<TestMember, 'userId'>, role: string) =>
  app.json(`PATCH /api/organization/members/${userId}`, { as, json: { role } });
const remove = (as: TestMember, { userId }: Pick<TestMember, 'userId'>) =>
  app.request(`DELETE /api/organization/members/${userId}`, { as });
const rolesOf = async (id: string) => {
  const rows = await database.owner`select role from users where organization_id = ${id} order by role`;
  return rows.map(({ role }) => role);
};
const actsOf = async (id: string) => {
  const rows = await database.owner`
    select actor, action, target, details from audit_log where organization_id = ${id} order by created_at`;
  return [...rows];
};
const isIn = async (member: TestMember) => (await app.request('GET /api/organization', { as: member })).status === 200;

describe('a member’s role', () => {
  it('changes at once, ends their access tokens, and is written down', async () => {
    const mine = await testOrganization(database);
    const member = await mine.addMember('member');
    const { status, body } = await change(mine.owner, member, 'admin');
    expect([status, body.id, body.role]).toEqual([200, member.userId, 'admin']);
    const [row] = await database.owner`select at from revocations where subject = ${member.userId}`;
    expect(row?.at.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await actsOf(mine.id)).toEqual([
      {
        ...{ actor: mine.owner.email, action: 'change-role', target: member.userId },
        details: { email: member.email, from: 'member', to: 'admin' },
      },
    ]);
  });

  it('stays with its tokens when it is what it was', async () => {
    const mine = await testOrganization(database);
    const member = await mine.addMember('member');
    expect((await change(mine.owner, member, 'member')).status).toBe(200);
    expect(await actsOf(mine.id)).toEqual([]);
  });

  it('cannot be raised by members or above one’s own, and looks as if no one were there', async () => {
    const mine = await testOrganization(database);
    const [member, viewer, admin] = (await Promise.all(
      (['member', 'viewer', 'admin'] as const).map((role) => mine.addMember(role)),
    )) as [TestMember, TestMember, TestMember];
    for (const [as, target, role] of [
      [member, member, 'owner'],
      [viewer, member, 'viewer'],
      [admin, admin, 'owner'],
      [admin, mine.owner, 'member'],
      [mine.owner, theirs.owner, 'viewer'],
    ] as const) {
      const missing = await change(as, { userId: crypto.randomUUID() }, role);
      const refused = await change(as, target, role);
      expect([refused.status, refused.body.type]).toEqual([404, 'urn:pandect:problem:not-found']);
      expect({ ...refused.body, instance: '' }).toEqual({ ...missing.body, instance: '' });
    }
    expect(await rolesOf(mine.id)).toEqual(['admin', 'member', 'owner', 'viewer']);
  });

  it('is judged by the actor’s role of this moment, whatever the token says', async () => {
    const mine = await testOrganization(database);
    const [admin, member] = [await mine.addMember('admin'), await mine.addMember('member')];
    await database.owner`update users set role = 'viewer' where id = ${admin.userId}`;
    expect((await change(admin, member, 'viewer')).status).toBe(404);
  });

  it('of owner is never given up by the last one, also when two step down at once', async () => {
    const mine = await testOrganization(database);
    const second = await mine.addMember('owner');
    const outcomes = await Promise.all([change(mine.owner, mine.owner, 'viewer'), change(second, second, 'viewer')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(outcomes.find(({ status }) => status === 409)?.body.type).toBe('urn:pandect:problem:last-owner');
    expect(await rolesOf(mine.id)).toEqual(['owner', 'viewer']);
  });

  it.each([{}, { role: 'root' }, { role: 'admin', administrator: true }])('is not changed by %j', async (json) => {
    const mine = await testOrganization(database);
    const { userId } = await mine.addMember('member');
    const response = await app.request(`PATCH /api/organization/members/${userId}`, { as: mine.owner, json });
    expect(response.status).toBe(400);
  });
});

describe('a removed member', () => {
  it('is out at once, with sessions, keys and conversations; documents stay', async () => {
    const mine = await testOrganization(database);
    const member = await mine.addMember('member');
    const { userId } = member;
    await database.owner`
      insert into refresh_tokens (family_id, user_id, token_hash, expires_at)
      values (gen_random_uuid(), ${userId}, ${userId}, now() + interval '1 day')`;
    const key = await app.json('POST /api/keys', { as: member, json: { name: 'k', scopes: ['ask'] } });
    expect(key.status).toBe(201);
    await database.owner`
      insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key, created_by)
      values (${mine.id}, 'Deed', 'deed.txt', 'txt', 1, 'a', ${userId}, ${userId})`;
    expect((await remove(mine.owner, member)).status).toBe(204);
    const left = await database.owner`
      select (select count(*) from users where id = ${userId})::int as users,
             (select count(*) from refresh_tokens where user_id = ${userId})::int as sessions,
             (select count(*) from api_keys where user_id = ${userId})::int as keys,
             (select count(*) from documents where organization_id = ${mine.id})::int as documents`;
    expect(left[0]).toEqual({ users: 0, sessions: 0, keys: 0, documents: 1 });
    const [noted] = await database.owner`select data from pgboss.job where data->>'kind' = 'note-erasure'`;
    expect(noted?.data).toMatchObject({ person: 'user', id: userId });
    await expect.poll(() => isIn(member)).toBe(false);
    expect((await actsOf(mine.id)).at(-1)).toEqual({
      ...{ actor: mine.owner.email, action: 'remove-member', target: userId },
      details: { email: member.email, role: 'member' },
    });
  });

  it('may be oneself, but for the last owner', async () => {
    const mine = await testOrganization(database);
    const viewer = await mine.addMember('viewer');
    expect((await remove(viewer, viewer)).status).toBe(204);
    expect((await actsOf(mine.id)).at(-1)).toMatchObject({ actor: viewer.email, action: 'leave-organization' });
    const refused = await remove(mine.owner, mine.owner);
    expect([refused.status, (await refused.json()).type]).toEqual([409, 'urn:pandect:problem:last-owner']);
  });

  it('is no one above oneself, of another organization, or unknown', async () => {
    const mine = await testOrganization(database);
    const [member, admin] = [await mine.addMember('member'), await mine.addMember('admin')];
    for (const [as, target] of [
      [member, admin],
      [admin, mine.owner],
      [mine.owner, theirs.owner],
      [mine.owner, { userId: crypto.randomUUID() }],
    ] as const) {
      expect((await remove(as, target)).status).toBe(404);
    }
    expect(await rolesOf(mine.id)).toEqual(['admin', 'member', 'owner']);
    expect(await rolesOf(theirs.id)).toEqual(['owner']);
  });
});

describe('GET /api/organization/audit', () => {
  it('shows the address of the client that did it, and none where no request did', async () => {
    const mine = await testOrganization(database);
    const member = await mine.addMember('member');
    await app.request(`PATCH /api/organization/members/${member.userId}`, {
      as: mine.owner,
      headers: { 'x-forwarded-for': '192.0.2.9, 203.0.113.77' },
      json: { role: 'viewer' },
    });
    await database.owner`
      insert into audit_log (organization_id, actor, action) values (${mine.id}, 'operator', 'change-tier')`;
    const { body } = await app.json('GET /api/organization/audit', { as: mine.owner });
    const addresses = body.items.map(({ action, address }: Record<string, string>) => [action, address]);
    expect(addresses).toEqual([
      ['change-tier', null],
      ['change-role', '203.0.113.77'],
    ]);
  });

  it('shows the acts of the organization to administrators, newest first and page by page', async () => {
    const mine = await testOrganization(database);
    const [member, admin] = [await mine.addMember('member'), await mine.addMember('admin')];
    for (const role of ['viewer', 'member', 'viewer']) await change(mine.owner, member, role);
    const seen: string[] = [];
    let cursor = '';
    do {
      const query = cursor ? `&cursor=${cursor}` : '';
      const { body } = await app.json(`GET /api/organization/audit?limit=2${query}`, { as: admin });
      seen.push(...body.items.map(({ details }: { details: { to: string } }) => details.to));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['viewer', 'member', 'viewer']);
    const other = await app.json('GET /api/organization/audit', { as: theirs.owner });
    expect(JSON.stringify(other.body)).not.toContain(member.email);
    expect((await app.request('GET /api/organization/audit', { as: await mine.addMember('member') })).status).toBe(404);
  });
});
