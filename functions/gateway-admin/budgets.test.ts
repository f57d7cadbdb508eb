import { afterAll, describe, expect, it } from 'vitest';
import { type TestMember, testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'gateway-admin', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});

const put = (as: TestMember, json: unknown) => app.json('PUT /api/gateway/budgets', { as, json });
const get = (as: TestMember, id: string) => app.json(`GET /api/gateway/budgets/${id}`, { as });
const month = { scope: 'organization', window: 'month', limitCost: '1500.5' };

describe('a budget', () => {
  it('is read as it was set, until it is removed', async () => {
    const { owner } = await testOrganization(database);
    const { status, body } = await put(owner, { ...month, limitTokens: 1_000_000, hard: false });
    expect([status, body]).toEqual([
      200,
      {
        ...{ id: body.id, scope: 'organization', scopeId: null, window: 'month', limitCost: '1500.5' },
        ...{ limitTokens: 1_000_000, hard: false, spentCost: '0', heldCost: '0', spentTokens: 0, heldTokens: 0 },
        resetAt: expect.stringMatching(/-01T00:00:00.000Z$/),
      },
    ]);
    expect((await get(owner, body.id)).body).toEqual(body);
    const changed = (await put(owner, { ...month, limitCost: '20' })).body;
    expect(changed).toMatchObject({ id: body.id, limitCost: '20', limitTokens: null, hard: true });
    const day = (await put(owner, { ...month, window: 'total' })).body;
    expect(day.resetAt).toBeNull();
    const { items } = (await app.json('GET /api/gateway/budgets', { as: owner })).body;
    expect(items).toEqual([changed, day]);
    const removal = () => app.request(`DELETE /api/gateway/budgets/${body.id}`, { as: owner });
    expect([(await removal()).status, (await removal()).status, (await get(owner, body.id)).status]).toEqual([
      204, 404, 404,
    ]);
    const acts = await database.owner`select action from audit_log where target = ${body.id} order by created_at`;
    expect(acts.map(({ action }) => action)).toEqual(['set-budget', 'set-budget', 'remove-budget']);
  });

  it('counts what was spent in its window before it was made', async () => {
    const org = await testOrganization(database);
    const keyId = crypto.randomUUID();
    await database.owner`
      insert into api_keys (id, organization_id, user_id, name, prefix, key_hash, scopes)
      values (${keyId}, ${org.id}, ${org.owner.userId}, 'k', 'p', ${keyId}, '{gateway}')`;
    await database.owner`
      insert into usage_logs (organization_id, key_id, action, model, prompt_tokens, completion_tokens, cost, metadata, created_at) values
        (${org.id}, ${keyId}, 'gateway', 'p', 1, 2, 3, '{"route": "r", "target": "gpt"}', now()), (${org.id}, null, 'gateway', 'p', 10, 0, 4.5, '{"route": "r", "target": "other"}', now()),
        (${org.id}, ${keyId}, 'ai_query', 'gpt', 100, 0, 5, '{}', now() - interval '40 days')`;
    const spent = async (terms: object) => {
      const { body } = await put(org.owner, { ...month, ...terms });
      return [body.spentCost, body.spentTokens];
    };
    expect(await spent({})).toEqual(['7.5', 13]);
    expect(await spent({ scope: 'key', scopeId: keyId })).toEqual(['3', 3]);
    expect(await spent({ scope: 'model', scopeId: 'gpt', window: 'total' })).toEqual(['8', 103]);
  });

  it.each([
    ['nothing', {}],
    ['an unknown field', { ...month, colour: 'red' }],
    ['no limit', { scope: 'organization', window: 'day' }],
    ['a sum that is no decimal', { ...month, limitCost: '1e3' }],
    ['a negative sum', { ...month, limitCost: '-1' }],
    ['a model without a name', { ...month, scope: 'model' }],
    ['an organization with a name', { ...month, scopeId: 'gpt' }],
    ['a key that is not there', { ...month, scope: 'key', scopeId: crypto.randomUUID() }],
    ['another window', { ...month, window: 'week' }],
  ])('is refused with %s', async (_, json) => {
    const { owner } = await testOrganization(database);
    const { status, body } = await put(owner, json);
    expect([status, body.type]).toEqual([422, 'urn:pandect:problem:budget-not-accepted']);
    expect(body.errors.length).toBeGreaterThan(0);
    expect((await app.json('GET /api/gateway/budgets', { as: owner })).body.items).toEqual([]);
  });

  it('is one for each scope and window, and belongs to its organization alone', async () => {
    const [mine, theirs] = [await testOrganization(database), await testOrganization(database)];
    const { body } = await put(mine.owner, month);
    expect((await put(mine.owner, month)).body).toEqual(body);
    expect((await put(theirs.owner, month)).body.id).not.toBe(body.id);
    expect((await get(theirs.owner, body.id)).status).toBe(404);
    const member = await mine.addMember('member');
    expect([(await get(member, body.id)).status, (await put(member, month)).status]).toEqual([404, 404]);
    expect((await get(await mine.addMember('admin'), body.id)).body).toEqual(body);
  });
});
