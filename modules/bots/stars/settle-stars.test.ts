import { afterAll, expect, it } from 'vitest';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { startTelegramServer } from '../../../platform/testing/telegram-server.ts';
import { createOrder, openWallet, readWallet } from '../../commerce/wallets/index.ts';
import { createTelegramClient } from '../../messages/telegram/index.ts';
import { testOrganization } from '../../testing/organization.ts';
import type { BotSeal } from '../records/bot-seal.ts';
import { checkStars } from './check-stars.ts';
import { settleStars } from './settle-stars.ts';

const database = await testDatabase();
const telegram = await startTelegramServer();
const queue = createQueue(database.url('platform'));
afterAll(async () => {
  await queue.close();
  await telegram.close();
  await database.close();
});

it('payments that no update told of are credited once, and what fits no order is paid back', async () => {
  const { id: organizationId } = await testOrganization(database);
  const [botId, userId] = [crypto.randomUUID(), crypto.randomUUID()];
  const { token } = telegram.addBot();
  const payer = telegram.user('Ann', { token });
  const within = database.tenant.tenant.bind(undefined, organizationId) as typeof database.tenant.transaction;
  await database.owner`
    insert into bots
      (id, organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
    values (${botId}, ${organizationId}, ${botId}, 'a_bot', 'A bot', ${token}, 'v1.', 'hash', '{tarot}', 'UTC', 'webhook')`;
  const walletId = await within((tx) =>
    openWallet(tx, { organizationId, kind: 'bot-user', reference: userId, timeZone: 'UTC', free: {} }),
  );
  await database.owner`
    insert into bot_users (id, organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
    values (${userId}, ${organizationId}, ${botId}, ${String(payer.id)}, ${String(payer.id)}, 'ru', ${walletId}, ${userId})`;
  const bot = { id: botId, organizationId, settings: {} };
  const order = await within((tx) => createOrder(tx, { bot, walletId, packId: 'reading-5', attempt: 'one' }));
  const client = (of: string) => createTelegramClient({ baseUrl: telegram.url, token: of, outbound: fetch });
  const ours = client(token);
  for (const [payload, amount] of [
    [order.id, 75],
    ['an invoice of before', 9],
  ] as const) {
    await payer.send('/buy');
    const prices = [{ label: 'Five', amount }];
    const invoice = { title: 'Five', description: 'Readings', payload, currency: 'XTR', provider_token: '', prices };
    await ours.call('sendInvoice', { chat_id: payer.id, ...invoice });
    const paid = payer.pay();
    const [update] = await ours.call<{ pre_checkout_query?: { id: string } }[]>('getUpdates', {
      offset: -1,
      timeout: 1,
    });
    await ours.call('answerPreCheckoutQuery', { pre_checkout_query_id: update?.pre_checkout_query?.id, ok: true });
    await paid;
  }
  const seal = { open: async (_: unknown, sealed: string) => sealed } as unknown as BotSeal;
  const errors: string[] = [];
  const log = { error: (_: object, message: string) => void errors.push(message) } as unknown as Log;
  const settle = () =>
    settleStars({ database: database.tenant, seal, telegram: client }, { organizationId, botId }, log);
  expect(await settle()).toEqual({ seen: 2, credited: 1, mismatches: 1, refunded: 0, paidBack: 1 });
  expect(await settle()).toEqual({ seen: 3, credited: 0, mismatches: 0, refunded: 0, paidBack: 0 });
  const { units } = await within((tx) => readWallet(tx, walletId));
  expect(units.find(({ unit }) => unit === 'reading')).toMatchObject({ bought: 5, owed: 0 });
  expect(await ours.call('getMyStarBalance', {})).toEqual({ amount: 75 });
  expect(errors).toEqual([]);
  expect(await checkStars({ database: database.platform, queue })).toBe(1);
});
