import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createAdministrator } from '../../modules/people/administration/administrators.ts';
import { testOrganization, tokenFor } from '../../modules/testing/organization.ts';
import { adminScene, type Call, noOverrides, problem } from './admin.fixture.ts';

const { database, app, admin, own, ask, entries, acts } = await adminScene();

describe('the administration', () => {
  const id = crypto.randomUUID();
  const calls: [Call, unknown?][] = [
    ['GET /api/admin/organizations'],
    [`GET /api/admin/organizations/${own.id}`],
    [`PATCH /api/admin/organizations/${own.id}`, { tier: 'enterprise' }],
    [`PUT /api/admin/organizations/${own.id}/overrides`, { ...noOverrides, documents: 9 }],
    [`POST /api/admin/organizations/${own.id}/credits`, { questions: 5, reason: 'x' }],
    ['GET /api/admin/plans/basic'],
    ['PUT /api/admin/plans/basic', {}],
    ['GET /api/admin/prices'],
    ['POST /api/admin/prices', {}],
    ['GET /api/admin/payments'],
    [`POST /api/admin/payments/${id}/confirm`, { amount: 1, currency: 'RUB' }],
    [`PATCH /api/admin/keys/${id}`, { channel: 'internal' }],
    ['GET /api/admin/usage'],
  ];

  it.each(calls)('is not there for an owner: %s', async (call, json) => {
    const { owner } = await testOrganization(database);
    const { status, body } = await app.json(call, { as: owner, json });
    expect([status, body.type]).toEqual([404, problem('not-found')]);
    expect((await app.json(call, { json })).status).toBe(401);
  });

  it('lets somebody look, and not change, whose sign-in is not fresh', async () => {
    const signedInAt = Math.floor(Date.now() / 1000) - 601;
    const as = { token: await tokenFor({ ...admin, signedInAt }) };
    expect((await app.json('GET /api/admin/organizations', { as })).status).toBe(200);
    const json = { questions: 1, reason: 'none' };
    const refused = await app.json(`POST /api/admin/organizations/${own.id}/credits`, { as, json });
    expect([refused.status, refused.body.type]).toEqual([403, problem('fresh-sign-in-needed')]);
  });

  it('is not there for a token from before the rights, at once', async () => {
    const { owner } = await testOrganization(database);
    const status = async (as: { token: string }) => (await app.json('GET /api/admin/prices', { as })).status;
    // The process has just looked for ended tokens, and looks again a second later.
    expect(await status(owner)).toBe(404);
    await createAdministrator(database.platform, { email: owner.email });
    expect(await status(owner)).toBe(401);
    await setTimeout(5);
    expect(await status({ token: await tokenFor(owner) })).toBe(200);
  });

  it('is there and gone with the decision, whatever the token says', async () => {
    const { owner } = await testOrganization(database);
    const status = async () => (await app.json('GET /api/admin/prices', { as: owner })).status;
    await database.owner`update users set administrator = true where id = ${owner.userId}`;
    expect(await status()).toBe(200);
    await database.owner`update users set administrator = false where id = ${owner.userId}`;
    expect(await status()).toBe(404);
  });
});

describe('what an administrator looks at', () => {
  it('stands in the log of the organization, or of their own where it is many', async () => {
    const { id } = await testOrganization(database);
    await ask(`GET /api/admin/organizations/${id}`);
    expect(await entries(id)).toEqual(['read-organization']);
    const before = (await entries(own.id)).length;
    for (const call of ['organizations?search=x', 'payments', 'usage']) await ask(`GET /api/admin/${call}` as Call);
    expect((await entries(own.id)).slice(before)).toEqual(['list-organizations', 'list-payments', 'list-usage']);
    expect((await ask(`GET /api/admin/organizations/${crypto.randomUUID()}`)).status).toBe(404);
  });
});

describe('organizations', () => {
  it('are found by a part of their name or of an e-mail, page by page', async () => {
    const mark = crypto.randomUUID().slice(0, 8);
    const made = [];
    for (const name of ['Alpha', 'Beta', 'Gamma'])
      made.push(await testOrganization(database, { name: `${name} ${mark}` }));
    const first = await ask(`GET /api/admin/organizations?limit=2&search=${mark.toUpperCase()}`);
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual([`Gamma ${mark}`, `Beta ${mark}`]);
    const rest = await ask(`GET /api/admin/organizations?limit=2&search=${mark}&cursor=${first.body.nextCursor}`);
    expect([rest.body.items.length, rest.body.nextCursor]).toEqual([1, null]);
    const email = encodeURIComponent(made[1]?.owner.email.slice(3, 20) ?? '');
    const found = await ask(`GET /api/admin/organizations?search=${email}`);
    expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([made[1]?.id]);
    expect((await ask('GET /api/admin/organizations?search=%25')).body.items).toEqual([]);
  });

  it('get another plan at once, which is written down', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    expect((await ask(`PATCH /api/admin/organizations/${id}`, { tier: 'professional' })).body.tier).toBe(
      'professional',
    );
    expect((await ask(`GET /api/admin/organizations/${id}`)).body.plan.questionsPerDay).toBe(200);
    expect(await acts(id)).toEqual(['change-tier']);
    const unknown = await ask(`PATCH /api/admin/organizations/${id}`, { tier: 'platinum' });
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([400, 'body.tier']);
  });

  it('show what they hold, which may be more than a smaller plan allows', async () => {
    const { id, addMember } = await testOrganization(database);
    await addMember('member');
    await addMember('member');
    await database.owner`update organizations set storage_used = ${10 * 1024 ** 4} where id = ${id}`;
    await ask(`PATCH /api/admin/organizations/${id}`, { tier: 'demo' });
    const { plan, held } = (await ask(`GET /api/admin/organizations/${id}`)).body;
    expect(held).toEqual({ documents: 0, storageBytes: 10 * 1024 ** 4, users: 3 });
    expect([held.storageBytes > plan.storageBytes, held.users > plan.users]).toEqual([true, true]);
  });

  it('lose their sessions when they are suspended, and can be taken back', async () => {
    const { id } = await testOrganization(database);
    const suspended = (value: boolean) => ask(`PATCH /api/admin/organizations/${id}`, { suspended: value });
    expect((await suspended(true)).body.suspendedAt).toEqual(expect.any(String));
    await suspended(true);
    const revoked = await database.owner`select 1 from revocations where subject = ${id} and at <= now()`;
    expect(revoked).toHaveLength(1);
    expect((await suspended(false)).body.suspendedAt).toBeNull();
    expect(await acts(id)).toEqual(['suspend-organization', 'resume-organization']);
  });

  it('get figures of their own in place of their plan’s, and lose them', async () => {
    const { id } = await testOrganization(database, { tier: 'basic' });
    const put = (overrides: object) =>
      ask(`PUT /api/admin/organizations/${id}/overrides`, { ...noOverrides, ...overrides });
    const plan = async () => (await ask(`GET /api/admin/organizations/${id}`)).body.plan;
    await put({ documents: 7, modelPolicy: 'advanced' });
    expect(await plan()).toMatchObject({ documents: 7, modelPolicy: 'advanced', users: 3 });
    await put({ users: 9 });
    expect(await plan()).toMatchObject({ documents: 100, modelPolicy: 'standard', users: 9 });
    for (const wrong of [{ documents: -1 }, { documents: 1.5 }, { users: 0 }, { fileBytes: 1e20 }, { price: 1 }]) {
      expect((await put(wrong)).status).toBe(400);
    }
    expect(await acts(id)).toEqual(['override-plan', 'override-plan']);
  });

  it('are given questions once under one key', async () => {
    const { id } = await testOrganization(database);
    const give = (questions: unknown, headers = {}) =>
      ask(`POST /api/admin/organizations/${id}/credits`, { questions, reason: 'An outage' }, headers);
    const key = { 'idempotency-key': crypto.randomUUID() };
    await give(50, key);
    expect((await give(50, key)).body).toEqual({ questionCredits: 50 });
    expect((await give(25)).body).toEqual({ questionCredits: 75 });
    for (const questions of [0, -5, 0.5, 1e9, '5', null]) expect((await give(questions)).status).toBe(400);
    expect(await acts(id)).toEqual(['give-credits', 'give-credits']);
  });

  it('are missing alike whether there never was one or the id is none of ours', async () => {
    const id = crypto.randomUUID();
    expect((await ask(`GET /api/admin/organizations/${id}`)).status).toBe(404);
    expect((await ask(`PATCH /api/admin/organizations/${id}`, { suspended: true })).status).toBe(404);
    expect((await ask(`PUT /api/admin/organizations/${id}/overrides`, noOverrides)).status).toBe(404);
    expect((await ask(`POST /api/admin/organizations/${id}/credits`, { questions: 1, reason: 'x' })).status).toBe(404);
  });
});
