import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { addUnits } from '../../testing/more-units.ts';
import { testOrganization } from '../../testing/organization.ts';
import { expireUnits } from './expire-units.ts';
import { type Amounts, createMetering, type Owner, type Reserved, releaseUnits, settleUnits } from './metering.ts';
import { reconcileUsage } from './reconcile.ts';

addUnits();
const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());

const at = new Date('2026-01-31T23:59:30.000Z');
const expiry = new Date('2026-02-01T00:00:30.000Z');
const metering = createMetering(database.tenant, { tokensPerMinute: { external: 1000, internal: 1000 } });

interface Scene {
  limits?: Record<string, number>;
  wallet?: Record<string, number>;
  credits?: Record<string, number>;
  walletCredits?: Record<string, number>;
}

/** An organization and a wallet of it. @param scene limits by `unit/period`, credits by unit */
async function scene({ limits = {}, wallet, credits = {}, walletCredits = {} }: Scene = {}) {
  const org = await testOrganization(database);
  const sql = database.owner;
  const [made] = await sql<{ id: string }[]>`
    insert into wallets (organization_id, kind, reference) values (${org.id}, 'bot-user', '1') returning id`;
  const walletId = made?.id as string;
  const setLimits = async (owner: string, figures: Record<string, number>) => {
    for (const [name, amount] of Object.entries(figures)) {
      const [unit = '', period = ''] = name.split('/');
      await sql`insert into owner_limits (organization_id, owner_id, unit, period, amount)
        values (${org.id}, ${owner}, ${unit}, ${period}, ${amount})
        on conflict (organization_id, owner_id, unit, period) do update set amount = ${amount}`;
    }
  };
  await setLimits(org.id, limits);
  await setLimits(walletId, wallet ?? {});
  for (const [owner, figures] of [
    [org.id, credits],
    [walletId, walletCredits],
  ] as const) {
    for (const [unit, amount] of Object.entries(figures)) {
      await sql`insert into unit_credits (organization_id, owner_id, unit, amount) values (${org.id}, ${owner}, ${unit}, ${amount})`;
    }
  }
  const owner: Owner = { organizationId: org.id, ...(wallet && { walletId }) };
  const within = database.tenant.tenant.bind(undefined, org.id);
  return {
    org,
    walletId,
    setLimits,
    reserve: (
      amounts: Amounts,
      changes: { requestId?: string; secondsOpen?: number; at?: Date } = {},
    ): Promise<Reserved> =>
      metering.reserve(
        {
          owner,
          userId: org.owner.userId,
          requestId: crypto.randomUUID(),
          action: 'drawing',
          amounts,
          secondsOpen: 60,
          ...changes,
        },
        changes.at ?? at,
      ),
    start: (requestId: string) => metering.start(org.id, requestId),
    settle: (requestId: string, amounts?: Amounts) =>
      within((tx) => settleUnits(tx, org.id, requestId, amounts && { amounts })),
    release: (requestId: string) => within((tx) => releaseUnits(tx, org.id, requestId)),
    /** What is used this month by the organization and by the wallet, and what is left of credits. */
    async figures() {
      const used =
        await sql`select owner_id, unit, used::int from usage_counters where organization_id = ${org.id} and period = 'month'`;
      const left = await sql`select owner_id, unit, amount::int from unit_credits where organization_id = ${org.id}`;
      const of = (id: string) => ({
        ...Object.fromEntries(used.filter(({ owner_id }) => owner_id === id).map((row) => [row.unit, row.used])),
        ...Object.fromEntries(
          left.filter(({ owner_id }) => owner_id === id).map((row) => [`${row.unit} left`, row.amount]),
        ),
      });
      return { organization: of(org.id), wallet: of(walletId) };
    },
  };
}

describe('a mix of units', () => {
  it('is reserved of every limit, settled with what was used, and the rest given back', async () => {
    const one = await scene({ limits: { 'drawing/month': 10, 'token/day': 5000 } });
    const { requestId, units } = await one.reserve({ drawing: 4, token: 3000 });
    expect(units).toEqual([
      { unit: 'drawing', day: { used: 4, limit: null }, month: { used: 4, limit: 10 } },
      { unit: 'token', day: { used: 3000, limit: 5000 }, month: { used: 3000, limit: null } },
    ]);
    expect((await one.figures()).organization).toEqual({ drawing: 4, token: 3000 });
    await one.settle(requestId, { drawing: 3, token: 1200 });
    await one.settle(requestId, { drawing: 3, token: 1200 });
    expect((await one.figures()).organization).toEqual({ drawing: 3, token: 1200 });
  });

  it('takes nothing when one of the limits has no room', async () => {
    const one = await scene({ limits: { 'drawing/month': 10, 'token/day': 100 } });
    await expect(one.reserve({ drawing: 4, token: 101 })).rejects.toMatchObject({ type: 'units-used' });
    expect((await one.figures()).organization).toEqual({});
    await one.reserve({ drawing: 4, token: 100 });
  });

  it('is given back whole when it is released, and when nothing was called until it expired', async () => {
    const one = await scene({ limits: { 'drawing/month': 3 }, credits: { drawing: 2 } });
    const [first, second] = [await one.reserve({ drawing: 4 }), await one.reserve({ drawing: 1 })];
    expect((await one.figures()).organization).toEqual({ drawing: 3, 'drawing left': 0 });
    await one.release(first.requestId);
    await one.release(first.requestId);
    expect((await one.figures()).organization).toEqual({ drawing: 0, 'drawing left': 1 });
    await expireUnits(database.platform, expiry);
    expect((await one.figures()).organization).toEqual({ drawing: 0, 'drawing left': 2 });
    await one.settle(second.requestId);
    expect((await one.figures()).organization).toEqual({ drawing: 0, 'drawing left': 1 });
  });

  it('is charged with what was reserved when its process died in the middle', async () => {
    const one = await scene({ limits: { 'drawing/month': 3 } });
    const { requestId } = await one.reserve({ drawing: 2 });
    expect(await one.start(requestId)).toBe(1);
    await expireUnits(database.platform, expiry);
    expect((await one.figures()).organization).toEqual({ drawing: 2 });
    const [log] = await database.owner`
      select action, outcome, model, cost from usage_logs where organization_id = ${one.org.id}`;
    expect(log).toEqual({ action: 'drawing', outcome: 'lost', model: null, cost: '0.00000000' });
  });

  it('may cost more than was reserved', async () => {
    const one = await scene({ limits: { 'token/month': 100 } });
    const { requestId } = await one.reserve({ token: 90 });
    await one.settle(requestId, { token: 120 });
    expect((await one.figures()).organization).toEqual({ token: 120 });
    await expect(one.reserve({ token: 1 })).rejects.toMatchObject({ type: 'units-used' });
  });
});

describe('a unit', () => {
  it('that no plan names has to be bought', async () => {
    const one = await scene({ credits: { drawing: 1 } });
    await one.reserve({ drawing: 1 });
    await expect(one.reserve({ drawing: 1 })).rejects.toMatchObject({ type: 'units-used', parameters: { limit: 0 } });
  });

  it('takes the part that the limit has no room for from credits, those that expire first before others', async () => {
    const one = await scene({ limits: { 'drawing/day': 3 }, credits: { drawing: 5 } });
    await database.owner`
      insert into unit_credits (organization_id, owner_id, unit, expires_at, amount) values
      (${one.org.id}, ${one.org.id}, 'drawing', ${expiry}, 2), (${one.org.id}, ${one.org.id}, 'drawing', ${at}, 100)`;
    const { requestId } = await one.reserve({ drawing: 6 });
    const left = async () =>
      (
        await database.owner`select amount::int from unit_credits where organization_id = ${one.org.id} order by expires_at`
      ).map(({ amount }) => amount);
    expect([await left(), (await one.figures()).organization.drawing]).toEqual([[100, 0, 4], 3]);
    await one.settle(requestId, { drawing: 4 });
    expect([await left(), (await one.figures()).organization.drawing]).toEqual([[100, 0, 6], 3]);
  });

  it('is in progress as often as the limit allows', async () => {
    const one = await scene({ limits: { 'drawing/month': 100, 'drawing/concurrent': 2, 'reading/month': 100 } });
    const { requestId } = await one.reserve({ drawing: 4 });
    await one.reserve({ drawing: 4 });
    await one.reserve({ reading: 1 });
    await expect(one.reserve({ drawing: 1 })).rejects.toMatchObject({
      type: 'too-many-at-once',
      parameters: { limit: 2, used: 2 },
    });
    await one.settle(requestId);
    await one.reserve({ drawing: 1 });
  });

  it('has a limit for a time in place of the plan’s', async () => {
    const one = await scene();
    await database.owner`insert into plan_limits (tier, unit, period, amount) values ('basic', 'drawing', 'month', 1)`;
    await database.owner`update organizations set tier = 'basic' where id = ${one.org.id}`;
    await database.owner`insert into owner_limits (organization_id, owner_id, unit, period, amount, until)
      values (${one.org.id}, ${one.org.id}, 'drawing', 'month', 3, ${expiry})`;
    await one.reserve({ drawing: 3 });
    const later = new Date('2026-02-02T00:00:00Z');
    await one.reserve({ drawing: 1 }, { at: later });
    await expect(one.reserve({ drawing: 1 }, { at: later })).rejects.toMatchObject({
      parameters: { limit: 1, used: 1 },
    });
  });
});

describe('a wallet', () => {
  it('pays next to its organization, each by its own limits and credits', async () => {
    const one = await scene({
      limits: { 'reading/month': 2 },
      wallet: { 'reading/day': 1 },
      walletCredits: { reading: 1 },
      credits: { reading: 5 },
    });
    for (let times = 0; times < 2; times++) await one.reserve({ reading: 1 });
    expect(await one.figures()).toEqual({
      organization: { reading: 2, 'reading left': 5 },
      wallet: { reading: 1, 'reading left': 0 },
    });
    await expect(one.reserve({ reading: 1 })).rejects.toMatchObject({
      ...{ type: 'wallet-empty', status: 402 },
      parameters: { unit: 'reading', what: 'day', limit: 1, used: 1 },
    });
  });

  it('without a limit is limited by its organization alone', async () => {
    const one = await scene({ limits: { 'reading/month': 2 }, wallet: {} });
    for (let times = 0; times < 2; times++) await one.reserve({ reading: 1 });
    await expect(one.reserve({ reading: 1 })).rejects.toMatchObject({ type: 'units-used' });
  });

  it('of another organization is not there', async () => {
    const [mine, theirs] = [await scene({ limits: { 'reading/month': 2 } }), await scene()];
    const request = {
      userId: null,
      requestId: crypto.randomUUID(),
      action: 'reading',
      amounts: { reading: 1 },
      secondsOpen: 60,
    };
    await expect(
      metering.reserve({ ...request, owner: { organizationId: mine.org.id, walletId: theirs.walletId } }),
    ).rejects.toMatchObject({ type: 'not-found' });
  });

  it('with three units left admits one of ten requests for three at once', async () => {
    const one = await scene({
      limits: { 'drawing/month': 100 },
      wallet: { 'drawing/month': 0 },
      walletCredits: { drawing: 3 },
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => one.reserve({ drawing: 3 })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await one.figures()).wallet).toEqual({ 'drawing left': 0 });
  });
});

describe('all that was done here', () => {
  it('adds up', async () => {
    expect(await reconcileUsage(database.platform)).toEqual([]);
  });
});
