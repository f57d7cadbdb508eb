import { afterAll, describe, expect, inject, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { newSecretKey } from '../../modules/testing/secret-key.ts';
import { startTelegramServer } from '../../platform/testing/telegram-server.ts';
import { consoleScene, problem } from './console.fixture.ts';
import { serveOperator } from './operator.fixture.ts';

const { database, root, ask, acts, signedIn } = await consoleScene();
const telegram = await startTelegramServer();
afterAll(() => telegram.close());
const operator = await serveOperator(database, root, {
  TELEGRAM_API_URL: telegram.url,
  OUTBOUND_WHITELIST: telegram.host,
  OUTBOUND_INTERNAL_HOSTS: telegram.host,
  PUBLIC_URL: 'https://bots.example.org',
  BOT_SECRETS_KEY_PATH: await newSecretKey(inject('services').folder),
});
const { id: organization } = await testOrganization(database, { name: 'Readers' });
const { token, username } = telegram.addBot();
const added = await operator.json('POST /operator/bots/add', {
  json: { organization, token, skills: ['tarot'], timeZone: 'Europe/Moscow' },
});
const bot: string = added.body.id;
const other = crypto.randomUUID();

/** Somebody who has written to the bot, with what happened to their readings. */
async function person(name: string, entries: [reason: string, amount: number, debt: number][], columns: object = {}) {
  const insert = database.owner;
  const of = { organization_id: organization };
  const [wallet] = await insert<{ id: string }[]>`
    insert into wallets ${insert({ ...of, kind: 'bot-user', reference: `${bot} ${name}` })} returning id`;
  const row = {
    ...{ ...of, bot_id: bot, telegram_id: name, chat_id: name, language: 'ru', referral_code: name },
    ...{ wallet_id: wallet?.id, ...columns },
  };
  await insert`insert into bot_users ${insert(row)}`;
  for (const [reason, amount, debt] of entries) {
    const entry = {
      ...of,
      wallet_id: wallet?.id,
      unit: 'reading',
      reason,
      reference: crypto.randomUUID(),
      amount,
      debt,
    };
    await insert`insert into wallet_entries ${insert(entry)}`;
  }
}

describe('a bot', () => {
  it('is shown with sums of its people, their wallets and its messages, without a name', async () => {
    await person('anna-77', [
      ['payment', 10, 0],
      ['grant', 3, 0],
      ['use', -4, 0],
      ['return', 1, 0],
    ]);
    const longAgo = new Date(Date.now() - 9 * 86_400_000);
    const away = { blocked_at: longAgo, seen_at: longAgo, created_at: longAgo };
    await person('boris-78', [['refund', -2, 5]], away);
    const insert = database.owner;
    const of = { organization_id: organization, bot_id: bot };
    await insert`insert into bot_updates ${insert({ ...of, update_id: 1, chat_id: '77', payload: { text: 'Секрет' } })}`;
    const message = { ...of, chat_id: '77', occasion: '1', kind: 'text' };
    await insert`insert into telegram_messages ${insert({ ...message, step: 'a', action: { text: 'Секрет' } })}`;
    const failed = { state: 'failed', reason: 'Bad Request: chat not found', closed_at: new Date() };
    await insert`insert into telegram_messages ${insert({ ...message, step: 'b', ...failed })}`;
    for (const [charge, amount, state] of [['one', 75, 'credited'] as const, ['two', 30, 'refunded'] as const]) {
      const payment = { ...of, charge_id: charge, currency: 'XTR', amount, state, paid_at: new Date() };
      await insert`insert into telegram_payments ${insert(payment)}`;
    }
    const { status, body } = await ask(`GET /api/operator/bots/${bot}`);
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ id: bot, organizationId: organization, organization: 'Readers', username, state: 'active' },
        ...{ delivery: 'webhook', timeZone: 'Europe/Moscow', skills: ['tarot'] },
        ...{ people: 2, blocked: 1, newPeopleToday: 1, activePeople: 1, linkedPeople: 0, readingsToday: 0 },
        ...{ waitingUpdates: 1, oldestUpdateAt: expect.stringMatching(/Z$/) },
        ...{ waitingMessages: 1, failedMessages: 1 },
        lastFailure: { at: expect.stringMatching(/Z$/), reason: 'Bad Request: chat not found' },
        wallets: [{ unit: 'reading', bought: 10, given: 3, used: 3, refunded: 2, expired: 0, left: 8, owed: 5 }],
        payments: [{ currency: 'XTR', payments: 2, amount: 75, refunded: 30 }],
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/anna-77|boris-78|Секрет/);
    expect(JSON.stringify(body)).not.toContain(token.split(':')[1]);
    expect((await ask('GET /api/operator/bots')).body).toMatchObject([{ id: bot, name: body.name, people: 2 }]);
  });

  it('is checked with Telegram, which may also not answer', async () => {
    const check = () => ask(`GET /api/operator/bots/${bot}/check`);
    expect((await check()).body).toMatchObject({
      check: { isAuthorized: true, webhook: { isSet: true, isOurs: true, pending: 0 }, polling: null, troubles: [] },
      failure: null,
    });
    telegram.fail('getMe', { kind: 'answer', status: 400, body: { ok: false, error_code: 400, description: 'No' } });
    expect((await check()).body).toEqual({ check: null, failure: expect.stringContaining(`Check bot "${bot}": `) });
  });

  it('gets its updates another way on request, which stands in both audit logs', async () => {
    const set = (delivery: string, more = {}) => ask(`POST /api/operator/bots/${bot}/delivery`, { delivery }, more);
    expect((await set('polling', { as: await signedIn(601) })).body.type).toBe(problem('fresh-sign-in-needed'));
    expect((await set('pigeon')).body.type).toBe(problem('invalid-request'));
    expect((await set('polling')).body).toEqual({ id: bot, delivery: 'polling' });
    expect((await ask(`GET /api/operator/bots/${bot}`)).body.delivery).toBe('polling');
    expect((await acts()).at(-1)).toMatchObject({
      ...{ action: 'set-bot-delivery', target: bot, details: { delivery: 'polling' } },
    });
    const [own] = await database.owner`
      select actor, action from audit_log where organization_id = ${organization} order by created_at desc, id desc limit 1`;
    expect(own).toMatchObject({ actor: 'operator', action: 'set-bot-delivery' });
    await database.owner`update bots set state = 'stopped' where id = ${bot}`;
    expect(await set('webhook')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('it is stopped') },
    });
  });

  it('says that its token was replaced', async () => {
    telegram.revoke(token);
    expect((await ask(`GET /api/operator/bots/${bot}/check`)).body.check).toMatchObject({
      ...{ isAuthorized: false, webhook: null },
    });
  });

  it('is missing where there is none', async () => {
    for (const call of [`GET /api/operator/bots/${other}`, `GET /api/operator/bots/${other}/check`] as const) {
      expect((await ask(call)).status).toBe(404);
    }
    expect((await ask(`POST /api/operator/bots/${other}/delivery`, { delivery: 'polling' })).status).toBe(404);
  });
});
