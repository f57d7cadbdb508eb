import { afterAll, describe, expect, it } from 'vitest';
import { startTelegramServer } from '../../../../platform/testing/telegram-server.ts';
import { checkWallets } from '../check-wallets.ts';
import {
  createOrder,
  pendingRefunds,
  type ReceivedPayment,
  reconcileStars,
  refundPayment,
  takeRefund,
} from '../index.ts';
import { walletScene } from '../wallets.fixture.ts';
import type { StarsClient } from './stars-client.ts';

const { database, person } = await walletScene();
const telegram = await startTelegramServer();
afterAll(() => telegram.close());

/** As the real client fails. */
class Failure extends Error {
  readonly failure: { reason: string; description: string };
  constructor(status: number, description: string) {
    super(description);
    this.failure = { reason: status === 400 ? 'bad-request' : 'uncertain', description };
  }
}
const clientOf = (token: string): StarsClient => ({
  async call<T>(method: string, params: Readonly<Record<string, unknown>>): Promise<T> {
    const response = await fetch(`${telegram.url}/bot${token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    const answer = (await response.json()) as { ok: boolean; result: T; description?: string };
    if (!answer.ok) throw new Failure(response.status, answer.description ?? '');
    return answer.result;
  },
});

/** Somebody who paid for five readings, of which the platform was told or not. */
async function paid({ isTold = true } = {}) {
  const one = await person();
  const { token } = telegram.addBot();
  const client = clientOf(token);
  const payer = telegram.user('Ann', { token });
  const order = await one.within((tx) =>
    createOrder(tx, { bot: one.bot, walletId: one.walletId, packId: 'reading-5', attempt: 'one' }),
  );
  const buy = async (payload = order.id, amount = 75) => {
    await payer.send('/buy');
    const params = { chat_id: payer.id, title: 'Five', description: 'Readings', payload, currency: 'XTR' };
    await client.call('sendInvoice', { ...params, provider_token: '', prices: [{ label: 'Five', amount }] });
    const done = payer.pay();
    const updates = async () => client.call<Record<string, { id: string }>[]>('getUpdates', { offset: -1, timeout: 1 });
    const [update] = await updates();
    await client.call('answerPreCheckoutQuery', { pre_checkout_query_id: update?.pre_checkout_query?.id, ok: true });
    await done;
    const { transactions } = await client.call<{ transactions: { id: string }[] }>('getStarTransactions', {});
    return transactions.at(-1)?.id as string;
  };
  const chargeId = await buy();
  const payment: Partial<ReceivedPayment> = { payload: order.id, chargeId, telegramId: String(payer.id) };
  if (isTold) await one.pay(payment);
  const deps = { client, transaction: one.within };
  const reconcile = () =>
    reconcileStars({
      ...{ client, bot: one.bot, transaction: one.within },
      walletOf: async (_, telegramId) => (telegramId === String(payer.id) ? one.walletId : undefined),
    });
  return { one, token, client, payer, order, buy, payment, deps, reconcile, charge: { botId: one.bot.id, chargeId } };
}

describe('a refund', () => {
  it('pays back once and takes the units, also when it is asked for again or told of afterwards', async () => {
    const { one, deps, charge, client } = await paid();
    expect(await refundPayment(deps, charge)).toBe('refunded');
    expect(await refundPayment(deps, charge)).toBe('refunded');
    expect(await one.within((tx) => takeRefund(tx, charge, new Date()))).toBe(false);
    expect(await one.read()).toMatchObject({ bought: 0, owed: 0 });
    expect(await client.call('getMyStarBalance', {})).toEqual({ amount: 0 });
  });

  it('that was cut off after Telegram paid is finished the next time', async () => {
    const { one, deps, charge, client } = await paid();
    const broken: StarsClient = {
      async call(method, params) {
        await client.call(method, params);
        throw new Failure(500, 'lost');
      },
    };
    await expect(refundPayment({ ...deps, client: broken }, charge)).rejects.toThrow('lost');
    expect(await one.within((tx) => pendingRefunds(tx, one.bot.id))).toEqual([charge]);
    expect(await one.read()).toMatchObject({ bought: 0 });
    expect(await refundPayment(deps, charge)).toBe('refunded');
    expect(await one.within((tx) => pendingRefunds(tx, one.bot.id))).toEqual([]);
  });

  it('that Telegram refuses leaves the person the units', async () => {
    const { one, deps, charge } = await paid();
    const refusing: StarsClient = { call: () => Promise.reject(new Failure(400, 'BALANCE_TOO_LOW')) };
    expect(await refundPayment({ ...deps, client: refusing }, charge)).toBe('refused');
    expect(await one.read()).toMatchObject({ bought: 5, owed: 0 });
    expect(await refundPayment(deps, charge)).toBe('refunded');
    expect(await one.read()).toMatchObject({ bought: 0, owed: 0 });
  });

  it('of a charge that never came is none', async () => {
    const { deps, charge } = await paid();
    expect(await refundPayment(deps, { ...charge, chargeId: 'other' })).toBe('unknown');
  });
});

describe('the comparison with Telegram’s own list', () => {
  it('credits what no update told of, once, and takes back what was paid back elsewhere', async () => {
    const { one, client, payer, buy, reconcile, charge } = await paid({ isTold: false });
    await buy('forged', 9);
    expect(await reconcile()).toEqual({ seen: 2, credited: 1, mismatches: 1, refunded: 0 });
    expect(await reconcile()).toEqual({ seen: 2, credited: 0, mismatches: 0, refunded: 0 });
    expect(await one.read()).toMatchObject({ bought: 5 });
    await client.call('refundStarPayment', { user_id: payer.id, telegram_payment_charge_id: charge.chargeId });
    expect(await reconcile()).toMatchObject({ seen: 3, refunded: 1 });
    expect(await one.read()).toMatchObject({ bought: 0 });
  });
});

describe('all that was done here', () => {
  it('adds up, but for what is to be paid back', async () => {
    const found = await database.platform.transaction(checkWallets);
    expect(found.map(({ check }) => check)).toEqual(['to-be-paid-back']);
  });
});
