import { afterAll, describe, expect, it } from 'vitest';
import * as billing from '../../functions/billing/app.ts';
import billingManifest from '../../functions/billing/function.ts';
import { checkWallets } from '../../modules/commerce/wallets/check-wallets.ts';
import { startYookassaServer } from '../../modules/testing/yookassa-server.ts';
import { testApp } from '../../platform/testing/app.ts';
import { chatsScene, type SceneBot } from './scene.fixture.ts';

const shop = await startYookassaServer();
const host = new URL(shop.baseUrl).host;
const { database, sql, server, addBot, settle, workers } = await chatsScene({
  ...{ YOOKASSA_SHOP_ID: shop.credentials.shopId, YOOKASSA_SECRET_KEY: shop.credentials.secretKey },
  YOOKASSA_BASE_URL: shop.baseUrl,
});
const app = await testApp(
  database,
  { name: 'billing', manifest: billingManifest, module: billing },
  {
    environment: {
      ...{ YOOKASSA_SHOP_ID: shop.credentials.shopId, YOOKASSA_SECRET_KEY: shop.credentials.secretKey },
      ...{ YOOKASSA_BASE_URL: shop.baseUrl, OUTBOUND_WHITELIST: host },
    },
  },
);
afterAll(async () => {
  expect(await database.platform.transaction(checkWallets)).toEqual([]);
  await app.close();
  await shop.close();
});

const free = { free: { reading: 2 } };
async function person(name: string, settings: object = free) {
  const bot = await addBot(['tarot'], settings);
  const user = server.user(name, { token: bot.token });
  const say = async (text: string) => {
    user.send(text);
    await settle(bot);
    return user.messages().at(-1)?.text ?? '';
  };
  const press = async (data: string) => {
    await Promise.all([user.press(data), settle(bot)]);
    return user.messages().at(-1)?.text ?? '';
  };
  const pay = async (invoice?: number) => {
    const [paid] = await Promise.all([user.pay(invoice), settleUntilPaid(bot)]);
    return paid;
  };
  return { bot, user, say, press, pay };
}
/** Telegram tells of the payment after it was answered. */
async function settleUntilPaid(bot: SceneBot) {
  await settle(bot);
  await settle(bot);
}
const bought = async (bot: SceneBot) => {
  const [row] = await sql`
    select coalesce(sum(c.amount), 0)::int as n from unit_credits c join bot_users u on u.wallet_id = c.owner_id where u.bot_id = ${bot.id}`;
  return row?.n as number;
};

describe('/buy', () => {
  it('sells for Stars: the checkout is answered, and each payment credited once', async () => {
    const { bot, user, say, press, pay } = await person('Anna');
    expect(await say('/buy')).toContain('Telegram Stars');
    await press('bot:buy:reading-5');
    const invoice = user.messages().findLast((message) => message.invoice);
    expect(invoice?.invoice).toMatchObject({ currency: 'XTR', total_amount: 75 });
    // From two devices at once: money that came twice counts twice.
    const both = await Promise.all([pay(invoice?.message_id), user.pay(invoice?.message_id)]);
    expect(both).toMatchObject([{ ok: true }, { ok: true }]);
    await settle(bot);
    expect(user.messages().at(-1)?.text).toContain('5 readings');
    expect(await bought(bot)).toBe(10);
    expect(await pay(invoice?.message_id)).toMatchObject({ ok: false, error: expect.stringContaining('paid') });
    expect(await bought(bot)).toBe(10);
    const rows = await sql`select state from telegram_payments where bot_id = ${bot.id}`;
    expect(rows.map(({ state }) => state)).toEqual(['credited', 'credited']);
    expect(await say('/balance')).toMatch(/Free today: 2 readings of 2[\s\S]*Bought: 10 readings/);
  });

  it('takes no wrong amount', async () => {
    const { bot, user, say, press, pay } = await person('Boris');
    await say('/buy');
    await press('bot:buy:reading-5');
    const message = user.messages().findLast(({ invoice }) => invoice);
    const stored = server
      .bot(bot.token)
      .chats.get(user.id)
      ?.invoices.get(message?.message_id as number);
    if (stored) stored.amount = 1;
    expect(await pay(message?.message_id)).toMatchObject({ ok: false });
    expect([await bought(bot), user.stars]).toEqual([0, 100_000]);
  });

  it('takes back what was bought when the Stars are paid back', async () => {
    const { bot, user, say, press, pay } = await person('Clara');
    await say('/buy');
    await press('bot:buy:reading-5');
    const paid = await pay();
    const chargeId = paid.ok ? paid.chargeId : '';
    const response = await fetch(`${server.url}/bot${bot.token}/refundStarPayment`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: user.id, telegram_payment_charge_id: chargeId }),
    });
    expect(response.status).toBe(200);
    await settle(bot);
    expect(user.messages().at(-1)?.text).toContain('paid back');
    expect(await bought(bot)).toBe(0);
    expect(user.stars).toBe(100_000);
  });

  it('sells by the month, and ends that when the person is erased', async () => {
    const { bot, user, say, press } = await person('Eva');
    await say('/buy');
    await press('bot:buy:reading-30-monthly');
    const url = user.messages().at(-1)?.reply_markup?.inline_keyboard[0]?.[0]?.url ?? '';
    const [paid] = await Promise.all([user.pay(url), settleUntilPaid(bot)]);
    const first = paid.ok ? paid.chargeId : '';
    expect(user.renew(first)).toBeDefined();
    await settle(bot);
    expect(await bought(bot)).toBe(60);
    await say('/delete');
    // Whose subscription it is stays known until Telegram has ended it.
    server.fail('editUserStarSubscription', { kind: 'answer', status: 502 });
    await expect(press('bot:erase:yes')).rejects.toThrow('editUserStarSubscription');
    const people = () => sql`select 1 from bot_users where bot_id = ${bot.id}`;
    expect(await people()).toHaveLength(1);
    const { id: botId, organizationId } = bot;
    await workers.chats.deliver({ kind: 'chat', organizationId, botId, chatId: String(user.id) });
    await settle(bot);
    expect(user.messages().at(-1)?.text).toContain('deleted');
    expect(await people()).toHaveLength(0);
    expect(user.renew(first)).toBeUndefined();
  });

  it('sells for roubles by a link, and tells in the chat that it was credited', async () => {
    const { bot, user, say, press } = await person('Dmitry');
    await say('/buy');
    const rows = user
      .messages()
      .at(-1)
      ?.reply_markup?.inline_keyboard.flat()
      .map(({ text }) => text);
    expect(rows).toEqual([
      expect.stringContaining('75 ⭐ / ₽149'),
      expect.stringContaining('₽499'),
      expect.not.stringContaining('₽'),
    ]);
    await press('bot:buy:reading-5');
    const url = user.messages().at(-1)?.reply_markup?.inline_keyboard[0]?.[0]?.url ?? '';
    const { origin, pathname } = new URL(url);
    expect(origin).toBe('https://bots.example.org');
    expect((await app.request(`GET ${pathname as `/${string}`}`)).status).toBe(302);
    const payment = shop.payments.find(({ metadata }) => metadata.organizationId === bot.organizationId);
    shop.change(payment?.id as string, { status: 'succeeded' });
    const notice = { json: { type: 'notification', event: 'payment.succeeded', object: payment as object } };
    for (let times = 0; times < 2; times += 1) await app.json('POST /api/billing/webhooks/yookassa', notice);
    const told = user.messages().length;
    await settle(bot);
    expect(await bought(bot)).toBe(5);
    expect(
      user
        .messages()
        .slice(told)
        .map(({ text }) => text),
    ).toEqual([expect.stringContaining('5 readings')]);
    expect(JSON.stringify(workers.chats.log)).not.toContain(String(user.id));
  });
});
