import { afterAll, describe, expect, it } from 'vitest';
import { testOrganization, tokenFor } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'organization', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const mine = await testOrganization(database, { name: 'Mine', tier: 'basic' });
const theirs = await testOrganization(database, { name: 'Theirs' });

describe('GET /api/organization', () => {
  it('shows the caller’s own', async () => {
    const { status, body } = await app.json('GET /api/organization', { as: mine.owner });
    expect([status, body]).toEqual([
      200,
      {
        ...{ id: mine.id, name: 'Mine', tier: 'basic', subscriptionEndsAt: null },
        ...{ subscriptionStartedAt: expect.any(String), createdAt: expect.any(String) },
      },
    ]);
  });

  it('needs a token in the header, and takes none from the address', async () => {
    const token = mine.owner.token;
    const { body, status } = await app.json(`GET /api/organization?access_token=${token}`);
    expect([status, body.type]).toEqual([401, 'urn:pandect:problem:unauthenticated']);
    for (const authorization of ['', 'Bearer', `Basic ${token}`, `Bearer ${token}x`, `Bearer  ${token}`]) {
      const response = await app.request('GET /api/organization', { headers: { authorization } });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('refuses an expired token', async () => {
    const response = await app.request('GET /api/organization', { as: { token: await tokenFor(mine.owner, -1) } });
    expect(response.status).toBe(401);
  });

  it('knows no organization that is gone', async () => {
    const gone = { ...mine.owner, organizationId: crypto.randomUUID() };
    const response = await app.request('GET /api/organization', { as: { token: await tokenFor(gone) } });
    expect(response.status).toBe(404);
  });
});

describe('GET /api/organization/members', () => {
  it('lists the people of the caller’s organization, without what is secret about them', async () => {
    const { userId } = await mine.addMember('viewer');
    const { body } = await app.json('GET /api/organization/members', { as: mine.owner });
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([mine.owner.userId, userId]);
    expect(Object.keys(body.items[0])).toEqual(['id', 'email', 'role', 'createdAt']);
    expect(JSON.stringify(body)).not.toContain(theirs.owner.userId);
  });
});

describe('PATCH /api/organization', () => {
  const rename = (as: { token: string }, json: unknown) => app.json('PATCH /api/organization', { as, json });

  it('renames it, and no other', async () => {
    const { status, body } = await rename(theirs.owner, { name: '  Нотариус  ' });
    expect([status, body.name]).toEqual([200, 'Нотариус']);
    expect((await app.json('GET /api/organization', { as: mine.owner })).body.name).toBe('Mine');
  });

  it.each(['member', 'viewer'] as const)('is not there for a %s', async (role) => {
    const { status, body } = await rename(await mine.addMember(role), { name: 'Taken' });
    expect([status, body.type]).toEqual([404, 'urn:pandect:problem:not-found']);
  });

  it.each([
    {},
    { name: '' },
    { name: 1 },
    { name: 'x'.repeat(201) },
    { name: 'a\0b' },
    { name: 'x', tier: 'enterprise' },
  ])('refuses %j', async (json) => {
    const { status, body } = await rename(mine.owner, json);
    expect([status, body.type]).toEqual([400, 'urn:pandect:problem:invalid-request']);
  });
});
