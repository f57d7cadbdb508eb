import { sql } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import type { Transaction } from '../../../../db/client.ts';
import type { Notification, Notifications } from '../../../../platform/capabilities/outbox/index.ts';
import type { Problem } from '../../../../platform/kernel/problem.ts';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../../testing/organization.ts';
import { tellBudget } from '../../budgets/tell-budget.ts';
import { expireUnits } from '../expire-units.ts';
import { reconcileUsage } from '../reconcile.ts';
import { createCallMetering, type SpentBudget } from './call-metering.ts';
import { booksOf, newAttempt, newCall, priceTokens } from './calls.fixture.ts';
import type { CallAttempt, CallReservation } from './contract.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());
await priceTokens(database);
await database.owner`
  insert into model_prices (model, valid_from, prompt, completion, cached, cache_write)
  values ('cache', '2020-01-01', 3.00, 15.00, 0.30, 3.75), ('dear', '2020-01-01', 10000000, 10000000, 10000000, null)`;

const tokensPerMinute = { external: 1_000, internal: 1_000_000 };
const told: SpentBudget[][] = [];
const metering = createCallMetering(
  database.tenant,
  { tokensPerMinute },
  { onSpent: async (_, spent) => void told.push([...spent]) },
);
const another = () => createCallMetering(database.tenant, { tokensPerMinute });
interface TestBudget {
  scope?: string;
  scopeId?: string;
  window?: string;
  cost?: number;
  tokens?: number;
  hard?: boolean;
}
const setBudget = (org: TestOrganization, budget: TestBudget) =>
  database.owner`
    insert into budgets (organization_id, scope, scope_id, "window", limit_cost, limit_tokens, hard)
    values (${org.id}, ${budget.scope ?? 'organization'}, ${budget.scopeId ?? null}, ${budget.window ?? 'month'}, ${budget.cost ?? null},
      ${budget.tokens ?? null}, ${budget.hard ?? true})`;
const newOrganization = () => testOrganization(database, { tier: 'professional' });

type Metering = typeof metering;
const settle = (org: TestOrganization, requestId: string, attempts = [newAttempt()], by: Metering = metering) =>
  by.settle({ organizationId: org.id, requestId, ending: 'settled', attempts });
const release = (org: TestOrganization, requestId: string, attempts: CallAttempt[] = [], by: Metering = metering) =>
  by.settle({ organizationId: org.id, requestId, ending: 'released', attempts });
const problemOf = (reserving: Promise<unknown>) =>
  reserving.then(
    () => undefined,
    (error: unknown) => error as Problem,
  );
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
    expect(lost.rows.map(({ outcome }) => outcome)).toEqual(['lost', 'lost']);
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

describe('a letter about a budget', () => {
  it('goes to owners and administrators, once for each share', async () => {
    const org = await newOrganization();
    await org.addMember('member');
    const [budget] = await database.owner`
      insert into budgets (organization_id, scope, scope_id, "window", limit_cost) values (${org.id}, 'model', 'gpt', 'month', 15) returning id`;
    const sent: object[] = [];
    const letters = {
      send: async (tx: Transaction, { email, kind, reference, parameters }: Notification) => {
        sent.push({ email, kind, ...parameters });
        await tx.execute(sql`
          insert into notifications (organization_id, kind, reference, email, language, parameters)
          values (${org.id}, ${kind}, ${reference}, ${email}, 'ru', '{}')`);
      },
    } as unknown as Notifications;
    const spent = { id: budget?.id, scope: 'model', scopeId: 'gpt', window: 'month', start: '2026-03-01' } as const;
    const tell = (used: string) =>
      database.tenant.tenant(org.id, (tx) =>
        tellBudget(tx, letters, org.id, { ...spent, what: 'cost', used, limit: '15.00000000' }),
      );
    for (const used of ['12.50000000', '13.00000000', '15.00000000', '17.00000000']) await tell(used);
    const same = {
      email: expect.any(String),
      kind: 'budget-spent',
      scope: 'model',
      name: 'gpt',
      what: 'cost',
      limit: '15',
    };
    const resetAt = '2026-04-01T00:00:00.000Z';
    expect(sent).toEqual([
      { ...same, resetAt, share: 80, used: '12.5' },
      { ...same, resetAt, share: 100, used: '15' },
    ]);
  });
});

describe('a budget', () => {
  it('for three calls admits exactly three of twenty at once in three processes', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 60 });
    const processes = [another(), another(), another()];
    const calls = Array.from({ length: 20 }, (_, nth) => ({ call: newCall(org), by: processes[nth % 3] as Metering }));
    const problems = await Promise.all(calls.map(({ call, by }) => problemOf(by.reserve(call))));
    const admitted = calls.filter((_, nth) => problems[nth] === undefined);
    expect(admitted).toHaveLength(3);
    expect(problems.filter((problem) => problem?.type === 'budget-exceeded')).toHaveLength(17);
    await Promise.all(admitted.map(({ call, by }) => settle(org, call.requestId, [newAttempt()], by)));
    await Promise.all(processes.map((by) => by.flush()));
    expect(await booksOf(database, org.id)).toMatchObject({
      cost: '36.00000000',
      spent: '36.00000000',
      held: '0.00000000',
    });
  });

  it('of a model leaves its target out, and of a key concerns no other key', async () => {
    const org = await newOrganization();
    const [keyId, other] = [crypto.randomUUID(), crypto.randomUUID()];
    await setBudget(org, { scope: 'model', scopeId: 'first', cost: 25 });
    await setBudget(org, { scope: 'key', scopeId: keyId, cost: 45 });
    const targets = [
      { target: 'first', price: 'plain' },
      { target: 'second', price: 'plain' },
    ];
    const ask = (changes: Partial<CallReservation>) => metering.reserve(newCall(org, { targets, ...changes }));
    expect((await ask({ keyId })).targets).toEqual(['first', 'second']);
    expect((await ask({ keyId })).targets).toEqual(['second']);
    expect(await problemOf(ask({ keyId }))).toMatchObject({ parameters: { scope: 'key', scopeId: keyId } });
    expect((await ask({ keyId: other })).targets).toEqual(['second']);
    const only = targets.slice(0, 1);
    expect(await problemOf(ask({ keyId: other, targets: only }))).toMatchObject({ parameters: { scope: 'model' } });
  });

  it('that is soft refuses nothing, and tells at 80 and at 100 percent', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 15, hard: false });
    told.length = 0;
    for (let nth = 0; nth < 3; nth++) {
      const call = newCall(org);
      await metering.reserve(call);
      await settle(org, call.requestId);
      await metering.flush();
    }
    expect(told.map(([spent]) => [spent?.what, spent?.used, spent?.limit])).toEqual([
      ['cost', '12.00000000', '15.00000000'],
      ['cost', '24.00000000', '15.00000000'],
    ]);
  });

  it('holds nothing after 200 calls of which half failed in all ways, and has spent what the rows say', async () => {
    const org = await newOrganization();
    await setBudget(org, { cost: 100_000, tokens: 1_000_000 });
    await setBudget(org, { scope: 'model', scopeId: 'first', window: 'day', cost: 100_000 });
    await Promise.all(
      Array.from({ length: 200 }, async (_, nth) => {
        const call = newCall(org, { channel: 'internal' });
        await metering.reserve(call);
        const broken = newAttempt({ outcome: 'broken', usage: { input: 10, output: nth }, isEstimated: true });
        if (nth % 2 === 0) await settle(org, call.requestId, [newAttempt({ usage: { input: 7, output: nth } })]);
        else if (nth % 8 === 1) await release(org, call.requestId);
        else if (nth % 8 === 3) await release(org, call.requestId, [refused, { ...refused, attempt: 2 }]);
        else if (nth % 8 === 5) await settle(org, call.requestId, [refused, { ...broken, attempt: 2 }]);
      }),
    );
    await metering.flush();
    await expireAll();
    const books = await booksOf(database, org.id);
    expect(books).toMatchObject({ held: '0.00000000', heldTokens: 0, minute: books.tokens, spent: books.cost });
    const [sum] = await database.owner`
      select sum(cost)::text as cost, sum(prompt_tokens + completion_tokens)::int as tokens from usage_logs where organization_id = ${org.id}`;
    expect(sum).toEqual({ cost: books.cost, tokens: books.tokens });
    expect(books.states).toEqual(['released', 'settled']);
    expect(await reconcileUsage(database.platform)).toEqual([]);
    expect(await problemOf(metering.reserve(newCall(org, { channel: 'internal' })))).toBeUndefined();
  });
});
