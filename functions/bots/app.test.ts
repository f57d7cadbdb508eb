import { afterAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type TestOrganization, testOrganization } from '../../modules/testing/organization.ts';
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

let mine: TestOrganization;
let token: string;
beforeEach(async () => {
  mine = await testOrganization(database);
  token = telegram.addBot().token;
});
const make = (json: object = {}, options: object = {}) =>
  app.json('POST /api/bots', { as: mine.owner, json: { token, skills: ['tarot'], ...json }, ...options });
const problem = ({ status, body }: { status: number; body: { type: string } }) => [status, body.type.split(':').at(-1)];
const row = async (id: string) =>
  (await database.owner`select * from bots where id = ${id}`)[0] as Record<string, string>;

/** What Telegram was told to send with each update. */
const secretOf = (of: string) =>
  telegram.calls.findLast(({ method, params }) => method === 'setWebhook' && String(params.url).includes(of))?.params;

describe('a new bot', () => {
  it('is checked with Telegram, gets its webhook, and shows its token to no one', async () => {
    const { status, body } = await make({ timeZone: 'Asia/Tokyo', settings: { free: { reading: 2 } } });
    expect([status, body]).toMatchObject([
      201,
      {
        state: 'active',
        delivery: 'webhook',
        timeZone: 'Asia/Tokyo',
        settings: { free: { reading: 2 }, reversed: true },
      },
    ]);
    const { token_sealed: sealed, secret_sealed: secret } = await row(body.id);
    expect(JSON.stringify([body, sealed, secret, app.log])).not.toContain(token.split(':')[1]);
    expect(secretOf(body.id)).toMatchObject({ url: `https://bots.example.org/api/bots/${body.id}/telegram` });
  });

  it('is made once for an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'one' };
    const [first, second] = [await make({}, { headers }), await make({}, { headers })];
    expect([second.status, second.body]).toEqual([201, first.body]);
  });

  it('is refused with a token that Telegram does not know, or that another organization uses', async () => {
    expect(problem(await make({ token: `1234567:${'x'.repeat(35)}` }))).toEqual([422, 'bot-token-refused']);
    await make();
    const other = await testOrganization(database);
    expect(problem(await make({}, { as: other.owner }))).toEqual([409, 'bot-taken']);
  });

  it('that Telegram refuses a webhook for leaves nothing behind', async () => {
    telegram.fail('setWebhook', {
      ...{ kind: 'answer', status: 400 },
      body: { ok: false, error_code: 400, description: 'Bad Request: bad webhook: IP address is not public' },
    });
    expect(problem(await make())).toEqual([502, 'telegram-refused']);
    expect((await make()).status).toBe(201);
  });

  it.each([
    ['no token', { token: undefined }],
    ['a bad token', { token: 'token' }],
    ['no skills', { skills: [] }],
    ['an unknown skill', { skills: ['cook'] }],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }],
    ['a setting that is none', { settings: { colour: 'red' } }],
  ])('is refused with %s', async (_, json) => {
    expect(problem(await make(json))).toEqual([400, 'invalid-request']);
  });
});

describe('bots', () => {
  it('are for administrators, and those of others look like what is missing', async () => {
    const { id } = (await make()).body;
    const [member, other] = [await mine.addMember('member'), await testOrganization(database)];
    for (const call of ['GET', 'DELETE'] as const) {
      for (const as of [member, other.owner]) {
        expect(problem(await app.json(`${call} /api/bots/${id}`, { as }))).toEqual([404, 'not-found']);
      }
      expect((await app.json(`${call} /api/bots/${id}`)).status).toBe(401);
    }
    expect((await app.json('GET /api/bots', { as: other.owner })).body).toEqual({ items: [] });
  });

  it('are changed, stopped and started', async () => {
    const { id } = (await make()).body;
    const change = (json: object) => app.json(`PATCH /api/bots/${id}`, { as: mine.owner, json });
    const changed = (await change({ settings: { adultsOnly: true } })).body;
    expect(changed.settings).toMatchObject({ adultsOnly: true, free: { reading: 1 } });
    expect((await change({ isStopped: true })).body.state).toBe('stopped');
    expect(telegram.calls.at(-1)).toMatchObject({ method: 'deleteWebhook' });
    expect((await change({ isStopped: false })).body.state).toBe('active');
    expect(problem(await change({ token: telegram.addBot().token }))).toEqual([422, 'other-bot']);
    expect(problem(await change({}))).toEqual([400, 'invalid-request']);
  });

  it('with a new token answer again, and send what has waited', async () => {
    const { id } = (await make()).body;
    await database.owner`update bots set state = 'unauthorized', delivery = 'polling' where id = ${id}`;
    await database.owner`
      insert into telegram_messages (organization_id, bot_id, chat_id, occasion, step, kind, action)
      values (${mine.id}, ${id}, '7', 'update:1', 'answer', 'text', ${database.owner.json({ kind: 'text', text: { text: 'Yes', entities: [] } })})`;
    const { status, body } = await app.json(`PATCH /api/bots/${id}`, { as: mine.owner, json: { token } });
    expect([status, body.state]).toEqual([200, 'active']);
    expect(telegram.calls.at(-1)).toMatchObject({ method: 'deleteWebhook' });
    const jobs = await database.owner`
      select name from pgboss.job where data->>'botId' = ${id} and name in ('sending', 'polling') order by name`;
    expect(jobs.map(({ name }) => name)).toEqual(['polling', 'sending']);
  });

  it('are removed with their people, and may be set up again', async () => {
    const { id } = (await make()).body;
    await database.owner`
      insert into telegram_messages (organization_id, bot_id, chat_id, occasion, step, kind)
      values (${mine.id}, ${id}, '7', 'update:1', 'answer', 'text')`;
    await database.owner`
      insert into linked_identities (organization_id, user_id, bot_id, subject, chat_id)
      values (${mine.id}, ${mine.owner.userId}, ${id}, '7', '7')`;
    await database.owner`
      insert into telegram_payments (bot_id, charge_id, organization_id, telegram_id, currency, amount, state, paid_at)
      values (${id}, 'one', ${mine.id}, '7', 'XTR', 75, 'credited', now())`;
    expect((await app.request(`DELETE /api/bots/${id}`, { as: mine.owner })).status).toBe(204);
    for (const table of ['telegram_messages', 'linked_identities']) {
      expect(await database.owner`select 1 from ${database.owner(table)} where bot_id = ${id}`).toHaveLength(0);
    }
    const [paid] = await database.owner`select telegram_id, amount from telegram_payments where bot_id = ${id}`;
    expect({ ...paid }).toEqual({ telegram_id: null, amount: '75' });
    expect((await make()).status).toBe(201);
  });

  it('end their subscriptions before they are removed, since nothing else can', async () => {
    const { id } = (await make()).body;
    const order = crypto.randomUUID();
    await database.owner`
      insert into wallet_orders (id, organization_id, bot_id, wallet_id, attempt, state, unit, amount, stars, monthly, renewal)
      values (${order}, ${mine.id}, ${id}, ${order}, '1', 'paid', 'reading', 30, 300, true, 'active')`;
    await database.owner`
      insert into telegram_payments (bot_id, charge_id, organization_id, order_id, telegram_id, currency, amount, state, paid_at)
      values (${id}, 'first', ${mine.id}, ${order}, '7', 'XTR', 300, 'credited', now())`;
    telegram.fail('editUserStarSubscription', { kind: 'answer', status: 502 });
    expect(problem(await app.json(`DELETE /api/bots/${id}`, { as: mine.owner }))).toEqual([
      503,
      'telegram-unavailable',
    ]);
    expect(await row(id)).toMatchObject({ state: 'active' });
    expect((await app.request(`DELETE /api/bots/${id}`, { as: mine.owner })).status).toBe(204);
    const ended = telegram.calls.filter(({ method }) => method === 'editUserStarSubscription');
    const asked = { user_id: 7, telegram_payment_charge_id: 'first', is_canceled: true };
    expect(ended.map(({ params }) => params)).toEqual([asked, asked]);
    const [ordered] = await database.owner`select renewal from wallet_orders where id = ${order}`;
    expect(ordered?.renewal).toBe('canceled');
  });

  it('show their people page by page, without their names', async () => {
    const { id } = (await make()).body;
    for (const n of [1, 2, 3]) {
      await database.owner`
        insert into bot_users (organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
        values (${mine.id}, ${id}, ${n}, ${n}, 'ru', gen_random_uuid(), ${n})`;
    }
    const list = (query: string) => app.json(`GET /api/bots/${id}/users${query}`, { as: mine.owner });
    const first = (await list('?limit=2')).body;
    const second = (await list(`?limit=2&cursor=${first.nextCursor}`)).body;
    expect(new Set([...first.items, ...second.items].map(({ id: user }) => user)).size).toBe(3);
    expect([second.nextCursor, Object.keys(first.items[0])]).toEqual([
      null,
      ['id', 'language', 'isBlocked', 'createdAt', 'seenAt'],
    ]);
  });
});

describe('a link to a bot', () => {
  it('is made by every member for themselves, and opens the chat with a code that links', async () => {
    const { body: bot } = await make();
    const viewer = await mine.addMember('viewer');
    const { status, body } = await app.json(`POST /api/bots/${bot.id}/link-codes`, { as: viewer });
    expect([status, body.url]).toEqual([201, `https://t.me/${bot.username}?start=link_${body.code}`]);
    const [code] = await database.owner`select user_id from link_codes where bot_id = ${bot.id}`;
    expect(code?.user_id).toBe(viewer.userId);
  });

  it('is made for no bot of another organization', async () => {
    const { body: bot } = await make();
    const other = await testOrganization(database);
    expect(problem(await app.json(`POST /api/bots/${bot.id}/link-codes`, { as: other.owner }))).toEqual([
      404,
      'not-found',
    ]);
  });
});
