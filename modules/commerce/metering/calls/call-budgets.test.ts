import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../../testing/organization.ts';
import { expireUnits } from '../expire-units.ts';
import { reconcileUsage } from '../reconcile.ts';
import { createCallMetering, type SpentBudget } from './call-metering.ts';
import { addBudget, booksOf, newAttempt, newCall, priceTokens, problemOf } from './calls.fixture.ts';
import type { CallAttempt, CallReservation } from './contract.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());
await priceTokens(database);

const tokensPerMinute = { external: 1_000, internal: 1_000_000 };
const told: SpentBudget[][] = [];
const metering = createCallMetering(
  database.tenant,
  { tokensPerMinute },
  { onSpent: async (_, spent) => void told.push([...spent]) },
);
type Metering = typeof metering;
const another = () => createCallMetering(database.tenant, { tokensPerMinute });
const newOrganization = () => testOrganization(database, { tier: 'professional' });
const setBudget = (org: TestOrganization, budget: Parameters<typeof addBudget>[2]) => addBudget(database, org, budget);
const settle = (org: TestOrganization, requestId: string, attempts = [newAttempt()], by: Metering = metering) =>
  by.settle({ organizationId: org.id, requestId, ending: 'settled', attempts });
const release = (org: TestOrganization, requestId: string, attempts: CallAttempt[] = []) =>
  metering.settle({ organizationId: org.id, requestId, ending: 'released', attempts });
const expireAll = () => expireUnits(database.platform, new Date(Date.now() + 120_000));
const refused = newAttempt({ outcome: 'failed', usage: { input: 0, output: 0 }, status: 503 });

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
