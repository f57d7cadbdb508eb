import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../../testing/organization.ts';
import { expireUnits } from '../expire-units.ts';
import { reconcileUsage } from '../reconcile.ts';
import { createCallMetering } from './call-metering.ts';
import { addBudget, booksOf, newAttempt, newCall, priceTokens, problemOf } from './calls.fixture.ts';
import type { CallAttempt } from './contract.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());
await priceTokens(database);
await database.owner`
  insert into model_prices (model, valid_from, prompt, completion, cached, cache_write)
  values ('cache', '2020-01-01', 3.00, 15.00, 0.30, 3.75), ('dear', '2020-01-01', 10000000, 10000000, 10000000, null)`;

const tokensPerMinute = { external: 1_000, internal: 1_000_000 };
const metering = createCallMetering(database.tenant, { tokensPerMinute });
const newOrganization = () => testOrganization(database, { tier: 'professional' });
const setBudget = (org: TestOrganization, budget: Parameters<typeof addBudget>[2]) => addBudget(database, org, budget);
const settle = (org: TestOrganization, requestId: string, attempts = [newAttempt()]) =>
  metering.settle({ organizationId: org.id, requestId, ending: 'settled', attempts });
const release = (org: TestOrganization, requestId: string, attempts: CallAttempt[] = []) =>
  metering.settle({ organizationId: org.id, requestId, ending: 'released', attempts });
const expireAll = () => expireUnits(database.platform, new Date(Date.now() + 120_000));
const refused = newAttempt({ outcome: 'failed', usage: { input: 0, output: 0 }, status: 503 });

describe('a call', () => {
  it('holds its tokens, and is charged with what it used by the price of its target, once', async () => {
    const org = await newOrganization();
    const call = newCall(org);
    const reserved = await metering.reserve(call);
    expect(reserved).toEqual({
      requestId: call.requestId,
      targets: ['first'],
      tokens: { limit: 1_000, remaining: 985, resetMs: expect.any(Number) },
    });
    expect(await booksOf(database, org.id)).toMatchObject({ rows: [], minute: 15, states: ['started'] });
    expect(await settle(org, call.requestId)).toEqual({ cost: '12.00000000' });
    await metering.flush();
    const books = await booksOf(database, org.id);
    expect(books).toMatchObject({ tokens: 11, cost: '12.00000000', minute: 11, states: ['settled'] });
    expect(books.rows).toEqual([
      {
        ...{ request: call.requestId, attempt: 1, outcome: 'done', model: 'plain' },
        ...{ prompt: 10, completion: 1, cached: 0, cost: '12.00000000' },
        metadata: { route: 'default', target: 'first', status: 200, firstMs: 12, ms: 30 },
      },
    ]);
    await settle(org, call.requestId);
    await metering.flush();
    expect(await booksOf(database, org.id)).toEqual(books);
  });

  it('is charged by three prices when parts of its prompt came from and went to a cache', async () => {
    const org = await newOrganization();
    const call = newCall(org, { targets: [{ target: 'first', price: 'cache' }] });
    await metering.reserve(call);
    const usage = { input: 420, cached: 300, cacheWrite: 20, output: 10 };
    const { cost } = await settle(org, call.requestId, [newAttempt({ price: 'cache', usage })]);
    // 100 at 3, 300 at 0.3, 20 at 3.75 and 10 at 15 roubles for a million.
    expect(cost).toBe('0.00061500');
    await metering.flush();
    const { rows } = await booksOf(database, org.id);
    expect(rows).toMatchObject([{ prompt: 420, completion: 10, cached: 300, cost }]);
  });

  it('writes a row for each attempt, each by the price of its own target', async () => {
    const org = await newOrganization();
    const targets = [
      { target: 'first', price: 'dear' },
      { target: 'second', price: 'plain' },
    ];
    const call = newCall(org, { targets });
    await metering.reserve(call);
    const { cost } = await settle(org, call.requestId, [
      newAttempt({ outcome: 'failed', price: 'dear', usage: { input: 3, output: 0 }, isEstimated: true }),
      newAttempt({ attempt: 2, target: 'second' }),
    ]);
    expect(cost).toBe('42.00000000');
    await metering.flush();
    const { rows } = await booksOf(database, org.id);
    expect(rows).toMatchObject([
      { attempt: 1, outcome: 'failed', model: 'dear', cost: '30.00000000', metadata: { estimated: true } },
      { attempt: 2, outcome: 'done', model: 'plain', cost: '12.00000000', metadata: { target: 'second' } },
    ]);
    expect(rows.map(({ request }) => request)).toEqual([call.requestId, call.requestId]);
  });

  it('of which nothing came costs nothing, and one that was answered from the cache neither', async () => {
    const org = await newOrganization();
    const [none, failed, cached] = [newCall(org), newCall(org), newCall(org)];
    await Promise.all([none, failed, cached].map((call) => metering.reserve(call)));
    await release(org, none.requestId);
    expect(await release(org, failed.requestId, [refused])).toEqual({ cost: '0.00000000' });
    const hit = { organizationId: org.id, requestId: cached.requestId, ending: 'cached' as const };
    expect(await metering.settle({ ...hit, attempts: [newAttempt()] })).toEqual({ cost: '0.00000000' });
    await metering.flush();
    const books = await booksOf(database, org.id);
    expect(books).toMatchObject({ tokens: 0, cost: '0.00000000', minute: 0, states: ['released', 'settled'] });
    expect(books.rows.map(({ outcome }) => outcome).sort()).toEqual(['cached', 'failed']);
  });

  it('that no one ended is charged with what it held, and with what it used when its end comes late', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 100 });
    await setBudget(org, { scope: 'model', scopeId: 'second', cost: 100 });
    const targets = [
      { target: 'first', price: 'plain' },
      { target: 'second', price: 'plain' },
    ];
    const [done, nothing] = [newCall(org, { targets }), newCall(org, { targets })];
    await metering.reserve(done);
    await metering.reserve(nothing);
    await expireAll();
    const lost = await booksOf(database, org.id);
    expect(lost).toMatchObject({
      tokens: 30,
      cost: '40.00000000',
      minute: 30,
      held: '0.00000000',
      spent: '40.00000000',
    });
    const held = { outcome: 'lost', prompt: 10, completion: 5, cost: '20.00000000' };
    expect(lost.rows).toMatchObject([held, held]);
    const spentTokens = await database.owner`
      select spent_tokens::int as tokens from budget_counters where organization_id = ${org.id}`;
    expect([...spentTokens]).toEqual([{ tokens: 30 }, { tokens: 30 }]);
    await settle(org, done.requestId, [refused, newAttempt({ attempt: 2 })]);
    await release(org, nothing.requestId);
    await metering.flush();
    const books = await booksOf(database, org.id);
    expect(books).toMatchObject({ tokens: 11, cost: '12.00000000', minute: 11, spent: '12.00000000', heldTokens: 0 });
    expect(books.rows.map(({ outcome }) => outcome)).toEqual(['failed', 'done']);
    expect(await reconcileUsage(database.platform)).toEqual([]);
    const [second] = await database.owner`
      select spent_cost::text as spent from budget_counters c join budgets b on b.id = c.budget_id
      where c.organization_id = ${org.id} and scope = 'model'`;
    expect(second).toEqual({ spent: '0.00000000' });
  });

  it('that the release before reserved is charged as lost with all of its tokens as those of the prompt', async () => {
    const org = await newOrganization();
    await setBudget(org, { tokens: 100 });
    const call = newCall(org);
    await metering.reserve(call);
    await database.owner`update usage_reservations set completion_tokens = default where organization_id = ${org.id}`;
    await expireAll();
    const lost = await booksOf(database, org.id);
    expect(lost).toMatchObject({ tokens: 15, cost: '20.00000000', minute: 15, heldTokens: 0 });
    expect(lost.rows).toMatchObject([{ outcome: 'lost', prompt: 15, completion: 0 }]);
    await settle(org, call.requestId);
    await metering.flush();
    expect(await booksOf(database, org.id)).toMatchObject({ tokens: 11, cost: '12.00000000', minute: 11 });
  });

  it('whose reservation was lost with the database is charged by what its process knows', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 100 });
    const call = newCall(org);
    await metering.reserve(call);
    await database.owner`delete from usage_reservations where organization_id = ${org.id}`;
    await database.owner`update budget_counters set held_cost = 0, held_tokens = 0 where organization_id = ${org.id}`;
    await settle(org, call.requestId);
    await metering.flush();
    const books = await booksOf(database, org.id);
    expect(books).toMatchObject({ cost: '12.00000000', spent: '12.00000000', held: '0.00000000' });
    const [row] =
      await database.owner`select user_id, action, metadata from usage_logs where organization_id = ${org.id}`;
    expect(row).toMatchObject({ user_id: org.owner.userId, action: 'gateway', metadata: { route: 'default' } });
  });

  it('under the id of one that has ended is counted on, and held once while it is in progress', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 1_000 });
    const call = newCall(org);
    await Promise.all([metering.reserve(call), metering.reserve(call)]);
    await metering.reserve(call);
    expect(await booksOf(database, org.id)).toMatchObject({ minute: 15, held: '20.00000000' });
    await settle(org, call.requestId);
    await metering.flush();
    await metering.reserve(call);
    await settle(org, call.requestId);
    await metering.flush();
    const books = await booksOf(database, org.id);
    expect(books).toMatchObject({ cost: '24.00000000', spent: '24.00000000', held: '0.00000000' });
    expect(books.rows.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });
});

describe('a refusal', () => {
  it('names the tokens of the minute, of the channel or of the key, and takes nothing', async () => {
    const org = await newOrganization();
    const whole = newCall(org, { usage: { input: 600, output: 4_000 } });
    expect((await metering.reserve(whole)).tokens).toMatchObject({ limit: 1_000, remaining: 0 });
    const problem = await problemOf(metering.reserve(newCall(org)));
    expect(problem).toMatchObject({ type: 'tokens-per-minute-used', parameters: { limit: 1_000, used: 1_000 } });
    const keyed = { keyId: crypto.randomUUID(), tokensPerMinute: 20, channel: 'internal' as const };
    const ofKey = newCall(org, keyed);
    expect((await metering.reserve(ofKey)).tokens).toMatchObject({ limit: 20, remaining: 5 });
    expect(await problemOf(metering.reserve(newCall(org, keyed)))).toMatchObject({
      parameters: { limit: 20, used: 15 },
    });
    await settle(org, ofKey.requestId);
    await metering.flush();
    expect((await metering.reserve(newCall(org, { ...keyed, usage: { input: 9, output: 0 } }))).tokens.remaining).toBe(
      0,
    );
  });

  it('names what is missing', async () => {
    const org = await newOrganization();
    await database.owner`delete from model_prices where model = '*'`;
    const targets = [{ target: 'first', price: 'unknown' }];
    expect(await problemOf(metering.reserve(newCall(org, { targets })))).toMatchObject({ type: 'price-missing' });
    const known = [...targets, { target: 'second', price: 'plain' }];
    expect((await metering.reserve(newCall(org, { targets: known }))).targets).toEqual(['second']);
    await database.owner`update organizations set suspended_at = now() where id = ${org.id}`;
    expect(await problemOf(metering.reserve(newCall(org)))).toMatchObject({ type: 'organization-suspended' });
    const gone = newCall({ ...org, id: crypto.randomUUID() });
    expect(await problemOf(metering.reserve(gone))).toMatchObject({ type: 'not-found' });
  });

  it('takes nothing while prices cannot be read', async () => {
    const org = await newOrganization();
    const unreadable: typeof database.tenant = {
      ...database.tenant,
      statement: (text, parameters) =>
        text.includes('from model_prices')
          ? Promise.reject(new Error('Cut off'))
          : database.tenant.statement(text, parameters),
    };
    await expect(createCallMetering(unreadable, { tokensPerMinute }).reserve(newCall(org))).rejects.toThrow('Cut off');
    await expireAll();
    expect(await booksOf(database, org.id)).toMatchObject({ rows: [], cost: '0.00000000', states: null });
  });

  it('of a budget names it with its reset, and one that never resets without', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 19.5, window: 'day' });
    const ofDay = await problemOf(metering.reserve(newCall(org)));
    expect(ofDay).toMatchObject({
      ...{ type: 'budget-exceeded', status: 429 },
      parameters: { what: 'cost', scope: 'organization', window: 'day', limit: '19.5', used: '0' },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    await database.owner`update budgets set "window" = 'total', limit_cost = null, limit_tokens = 14 where organization_id = ${org.id}`;
    const total = await problemOf(metering.reserve(newCall(org)));
    expect(total).toMatchObject({ parameters: { what: 'tokens', window: 'total', limit: '14' } });
    expect(total?.headers).toEqual({});
    expect(await booksOf(database, org.id)).toMatchObject({ minute: 0, held: '0', states: null });
  });
});
