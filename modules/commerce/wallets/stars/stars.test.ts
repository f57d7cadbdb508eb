import { describe, expect, it } from 'vitest';
import { acceptCheckout, createOrder, noteSubscription, subscriptionsOf, takeRefund } from '../index.ts';
import { walletScene } from '../wallets.fixture.ts';

const { database, person } = await walletScene();
type Person = Awaited<ReturnType<typeof person>>;

const order = (one: Person, packId = 'reading-5', attempt: string = crypto.randomUUID()) =>
  one.within((tx) => createOrder(tx, { bot: one.bot, walletId: one.walletId, packId, attempt }));
const checkout = (one: Person, payload: string, changes: object = {}) =>
  one.within((tx) =>
    acceptCheckout(tx, {
      ...{ organizationId: one.id, botId: one.bot.id, isBotOpen: true, walletId: one.walletId },
      ...{ currency: 'XTR', totalAmount: 75, payload, ...changes },
    }),
  );
const stars = async ({ id }: Person) => {
  const rows = await database.owner`
    select account, sum(amount)::int as amount from ledger_entries where organization_id = ${id} group by 1`;
  return Object.fromEntries(rows.map(({ account, amount }) => [account, amount]));
};

describe('an order', () => {
  it('is the same for one press, however often it is told of, and another one for the next (cases 11, 13)', async () => {
    const one = await person();
    const pressed = await Promise.all(Array.from({ length: 5 }, () => order(one, 'reading-5', 'message 1')));
    expect(new Set(pressed.map(({ id }) => id)).size).toBe(1);
    const next = await order(one, 'reading-5', 'message 2');
    await one.pay({ payload: next.id });
    expect((await order(one, 'reading-5', 'message 1')).state).toBe('open');
    expect((await order(one, 'reading-5', 'message 2')).state).toBe('paid');
  });

  it('is of what the bot sells', async () => {
    const one = await person();
    await expect(order(one, 'reading-7')).rejects.toMatchObject({ type: 'not-found' });
    const settings = { packs: { reading: [{ amount: 7, stars: 1 }], image: [] } };
    const own = { ...one, bot: { ...one.bot, settings } };
    expect(await order(own, 'reading-7')).toMatchObject({ amount: 7, stars: 1, price: null });
    await expect(order(own, 'image-10')).rejects.toMatchObject({ type: 'not-found' });
  });
});

describe('a checkout', () => {
  it('is accepted for an open order of the person at its price, and for nothing else', async () => {
    const [one, other] = [await person(), await person()];
    const { id } = await order(one);
    expect(await checkout(one, id)).toBeUndefined();
    const wrong: [payload: string, changes: object, says: RegExp][] = [
      [crypto.randomUUID(), {}, /no longer valid/],
      ['not an id', {}, /no longer valid/],
      [id, { totalAmount: 1 }, /price has changed/],
      [id, { currency: 'RUB' }, /price has changed/],
      [id, { walletId: undefined }, /somebody else/],
      [id, { walletId: other.walletId }, /somebody else/],
      [id, { isBotOpen: false }, /not available/],
      [id, { botId: other.bot.id }, /no longer valid/],
    ];
    for (const [payload, changes, says] of wrong) {
      const refusal = await checkout(one, payload, changes);
      expect([refusal?.en, refusal?.ru]).toEqual([expect.stringMatching(says), expect.stringMatching(/[а-я]/)]);
    }
    await database.owner`update wallet_orders set created_at = now() - interval '8 days' where id = ${id}`;
    expect((await checkout(one, id))?.en).toMatch(/out of date/);
    await database.owner`update organizations set suspended_at = now() where id = ${one.id}`;
    expect((await checkout(one, id))?.en).toMatch(/not available/);
  });

  it('of a paid order says so (case 12)', async () => {
    const one = await person();
    const { id } = await order(one);
    await one.pay({ payload: id });
    expect((await checkout(one, id))?.en).toMatch(/already paid/);
  });
});

describe('a payment', () => {
  it('is credited once, however many report it at once (case 9)', async () => {
    const one = await person();
    const { id } = await order(one);
    const told = await Promise.all(Array.from({ length: 10 }, () => one.pay({ payload: id, chargeId: 'charge' })));
    expect(told.filter(({ outcome }) => outcome === 'credited')).toEqual([
      { outcome: 'credited', unit: 'reading', amount: 5, paidUntil: undefined },
    ]);
    expect(told.filter(({ outcome }) => outcome === 'known')).toHaveLength(9);
    expect(await one.read()).toMatchObject({ bought: 5 });
    expect(await one.entries()).toEqual([{ reason: 'payment', amount: 5, debt: 0 }]);
    expect(await stars(one)).toEqual({ stars: 75, 'stars-sales': -75 });
  });

  it('for an order that was paid before is a second credit (case 10)', async () => {
    const one = await person();
    const { id } = await order(one);
    await one.pay({ payload: id });
    expect(await one.pay({ payload: id })).toMatchObject({ outcome: 'credited' });
    expect(await one.read()).toMatchObject({ bought: 10 });
  });

  it.each([
    [{ totalAmount: 74 }, 74, 'its amount is 74 and not 75'],
    [{ totalAmount: 7500, currency: 'RUB' }, undefined, 'its currency is "RUB" and not "XTR"'],
    [{ payload: 'forged' }, 75, 'no order has its payload'],
  ])('that fits no order is kept and not credited: %j', async (changes, booked, reason) => {
    const one = await person();
    const { id } = await order(one);
    expect(await one.pay({ payload: id, ...changes })).toEqual({ outcome: 'mismatch', reason });
    expect(await one.read()).toMatchObject({ bought: 0 });
    expect((await checkout(one, id))?.en).toBeUndefined();
    expect(await stars(one)).toEqual(booked === undefined ? {} : { stars: booked, 'stars-surplus': -booked });
  });

  it('and its units are stored together or not at all', async () => {
    const one = await person();
    const { id } = await order(one);
    const { creditPayment } = await import('./credit-payment.ts');
    const payment = one.payment({ payload: id, chargeId: 'charge' });
    const broken = one.within(async (tx) => {
      await creditPayment(tx, payment);
      throw new Error('Killed');
    });
    await expect(broken).rejects.toThrow('Killed');
    expect(await one.read()).toMatchObject({ bought: 0 });
    expect(await one.pay(payment)).toMatchObject({ outcome: 'credited' });
  });
});

describe('a subscription', () => {
  it('is extended by payments alone, and what was not used ends a day after its 30 days (case 14)', async () => {
    const one = await person();
    const { id } = await order(one, 'reading-30-monthly');
    const end = new Date(Date.now() + 30 * 86_400_000);
    const paid = { payload: id, totalAmount: 300, isRecurring: true, subscriptionUntil: end };
    const until = new Date(end.getTime() + 86_400_000);
    expect(await one.pay(paid)).toMatchObject({ outcome: 'credited', amount: 30, paidUntil: until });
    // A renewal comes under the payload of the first payment.
    expect(await checkout(one, id, { totalAmount: 300 })).toBeUndefined();
    const note = (state: 'canceled' | 'failed' | 'active') =>
      one.within((tx) => noteSubscription(tx, { botId: one.bot.id, payload: id, state }));
    for (const state of ['failed', 'active', 'canceled'] as const) await note(state);
    expect(await one.within((tx) => subscriptionsOf(tx, one.walletId))).toMatchObject([
      { renewal: 'canceled', paidUntil: until },
    ]);
    expect(await one.read(new Date(until.getTime() - 1))).toMatchObject({ bought: 30 });
    expect(await one.read(until)).toMatchObject({ bought: 0 });
    const next = new Date(end.getTime() + 30 * 86_400_000);
    await one.pay({ ...paid, subscriptionUntil: next });
    expect(await one.read(until)).toMatchObject({ bought: 30 });
  });
});

describe('a refund that Telegram tells of', () => {
  it('takes the units back, owes what was used, and later credits pay that first', async () => {
    const one = await person();
    const { id } = await order(one);
    const charge = { botId: one.bot.id, chargeId: 'charge' };
    await one.pay({ payload: id, chargeId: 'charge' });
    for (let times = 0; times < 3; times++) await one.settle((await one.reserve()).requestId);
    const held = await one.reserve();
    const told = await Promise.all([1, 2, 3].map(() => one.within((tx) => takeRefund(tx, charge, new Date()))));
    expect(told.filter(Boolean)).toHaveLength(1);
    expect(await one.read()).toMatchObject({ bought: 0, owed: 4, held: 1 });
    await one.release(held.requestId);
    expect(await one.read()).toMatchObject({ bought: 0, owed: 3, held: 0 });
    await one.grant(2, 'one');
    await one.grant(4, 'two');
    expect(await one.read()).toMatchObject({ bought: 3, owed: 0 });
    expect(await stars(one)).toEqual({ stars: 0, 'stars-sales': 0 });
    expect(await one.pay({ payload: id, chargeId: 'charge' })).toEqual({ outcome: 'known' });
  });
});
