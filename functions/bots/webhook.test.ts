import { afterAll, describe, expect, inject, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { newSecretKey } from '../../modules/testing/secret-key.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { startTelegramServer } from '../../platform/testing/telegram-server.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const telegram = await startTelegramServer();
const environment = {
  TELEGRAM_API_URL: telegram.url,
  OUTBOUND_WHITELIST: telegram.host,
  OUTBOUND_INTERNAL_HOSTS: telegram.host,
  PUBLIC_URL: 'https://bots.example.org',
  BOT_SECRETS_KEY_PATH: await newSecretKey(inject('services').folder),
};
const app = await testApp(database, { name: 'bots', manifest, module }, { environment });
afterAll(async () => {
  await app.close();
  await telegram.close();
  await database.close();
});

const organization = await testOrganization(database);
const make = () =>
  app.json('POST /api/bots', { as: organization.owner, json: { token: telegram.addBot().token, skills: ['tarot'] } });

/** What Telegram was told to send with each update. */
const secretOf = (of: string) =>
  telegram.calls.findLast(({ method, params }) => method === 'setWebhook' && String(params.url).includes(of))?.params;

describe('the webhook', () => {
  const update = (n = 1) => ({
    update_id: n,
    message: {
      message_id: n,
      date: 0,
      chat: { id: 5, type: 'private' },
      from: { id: 5, is_bot: false },
      text: 'hello',
    },
  });
  const deliver = (id: string, secret: string, json: object = update()) =>
    app.request(`POST /api/bots/${id}/telegram`, { json, headers: { 'x-telegram-bot-api-secret-token': secret } });
  const stored = async (id: string) => (await database.owner`select 1 from bot_updates where bot_id = ${id}`).length;

  it('stores what has the secret, once, and looks missing to all else', async () => {
    const { id } = (await make()).body;
    const secret = secretOf(id)?.secret_token as string;
    expect((await deliver(id, secret)).status).toBe(200);
    expect((await deliver(id, secret)).status).toBe(200);
    const forged = [await deliver(id, 'x'), await deliver(id, ''), await deliver(crypto.randomUUID(), secret)];
    expect(forged.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await stored(id)).toBe(1);
  });

  it('answers within a second while the database is held, so that Telegram sends the update again', async () => {
    const { id } = (await make()).body;
    const secret = secretOf(id)?.secret_token as string;
    await deliver(id, secret);
    const released = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = database.owner.begin(async (sql) => {
      await sql`lock table bot_updates in access exclusive mode`;
      locked.resolve();
      await released.promise;
    });
    await locked.promise;
    const since = performance.now();
    const { status } = await deliver(id, secret, update(2));
    expect([status, performance.now() - since < 2_000]).toEqual([503, true]);
    released.resolve();
    await holding;
    expect((await deliver(id, secret, update(2))).status).toBe(200);
    expect(await stored(id)).toBe(2);
  });

  it('answers a checkout itself, however much waits for the workers, and refuses what fits no order (case 51)', async () => {
    const { id } = (await make()).body;
    const secret = secretOf(id)?.secret_token as string;
    const { id: organizationId } = organization;
    const [user, order] = [crypto.randomUUID(), crypto.randomUUID()];
    await database.owner`
      insert into bot_users (id, organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
      values (${user}, ${organizationId}, ${id}, '5', '5', 'en', ${user}, ${user})`;
    await database.owner`
      insert into wallet_orders (id, organization_id, bot_id, wallet_id, attempt, unit, amount, stars)
      values (${order}, ${organizationId}, ${id}, ${user}, '1', 'reading', 5, 75)`;
    for (let n = 1; n <= 50; n += 1) await deliver(id, secret, update(n));
    const checkout = async (changes: object = {}) => {
      const query = {
        id: 'q1',
        from: { id: 5, is_bot: false },
        currency: 'XTR',
        total_amount: 75,
        invoice_payload: order,
      };
      const response = await deliver(id, secret, { update_id: 99, pre_checkout_query: { ...query, ...changes } });
      return [response.status, await response.json()];
    };
    const asked = { method: 'answerPreCheckoutQuery', pre_checkout_query_id: 'q1' };
    const since = performance.now();
    expect(await checkout()).toEqual([200, { ...asked, ok: true }]);
    expect(performance.now() - since).toBeLessThan(1_000);
    const refused = [200, { ...asked, ok: false, error_message: expect.any(String) }];
    for (const wrong of [
      { total_amount: 1 },
      { currency: 'RUB' },
      { invoice_payload: 'none' },
      { from: { id: 6, is_bot: false } },
    ]) {
      expect(await checkout(wrong), JSON.stringify(wrong)).toEqual(refused);
    }
    expect(await database.owner`select 1 from telegram_payments where bot_id = ${id}`).toHaveLength(0);
  });

  it('refuses bodies that no update has', async () => {
    const { id } = (await make()).body;
    const secret = secretOf(id)?.secret_token as string;
    const headers = { 'x-telegram-bot-api-secret-token': secret, 'content-type': 'application/json' };
    const large = {
      json: { ...update(), more: 'x'.repeat(300_000) },
      headers: { ...headers, 'content-length': '300200' },
    };
    expect((await app.request(`POST /api/bots/${id}/telegram`, large)).status).toBe(413);
    expect((await app.request(`POST /api/bots/${id}/telegram`, { body: '{', headers })).status).toBe(400);
    expect((await deliver(id, secret, { update_id: 'one' })).status).toBe(200);
    expect(await stored(id)).toBe(0);
  });

  it('says nothing of what people write in its log', async () => {
    const { id } = (await make()).body;
    const secret = secretOf(id)?.secret_token as string;
    await deliver(id, secret);
    expect(JSON.stringify(app.log)).not.toContain('hello');
    expect(JSON.stringify(app.log)).not.toContain(secret);
  });
});
