import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { createBotSeal } from '../../modules/bots/records/bot-seal.ts';
import { type OutgoingAction, plain, sendInChat } from '../../modules/messages/telegram/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { newSecretKey } from '../../modules/testing/secret-key.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { startTelegramServer, type TelegramUser } from '../../platform/testing/telegram-server.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

export interface TestBot {
  id: string;
  token: string;
}

export const text = (words: string): OutgoingAction => ({ kind: 'text', text: plain(words) });

/** The worker with bots at a Telegram of its own; its jobs are done in this process. */
export async function sendingScene() {
  const database = await testDatabase({ connections: 20 });
  const sql = database.owner;
  const server = await startTelegramServer({ chat: { rate: 50, burst: 50 }, bot: { rate: 500, burst: 500 } });
  const { id: organizationId } = await testOrganization(database);
  const BOT_SECRETS_KEY_PATH = await newSecretKey(await mkdtemp(join(inject('services').folder, 'sending-')));
  const environment = { TELEGRAM_API_URL: server.url, OUTBOUND_WHITELIST: server.host, BOT_SECRETS_KEY_PATH };
  const worker = await testWorker(database, { name: 'sending', manifest, module }, { environment });
  afterAll(async () => {
    await worker.close();
    await server.close();
    await database.close();
  });
  const seal = createBotSeal(BOT_SECRETS_KEY_PATH);
  const eager = { wait: async () => {} };

  async function addBot(delivery: 'webhook' | 'polling' = 'webhook'): Promise<TestBot> {
    const { id: telegramId, username, token } = server.addBot();
    const id = crypto.randomUUID();
    const tokenSealed = await seal.seal({ organizationId, botId: id, kind: 'token' }, token);
    await sql`
      insert into bots (id, organization_id, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
      values (${id}, ${organizationId}, ${telegramId}, ${username}, ${username}, ${tokenSealed}, '', '', '{}', 'Europe/Moscow', ${delivery})`;
    return { id, token };
  }

  let occasions = 0;
  /** Stores what a bot is to do in a chat: its answer to an update unless another occasion is named. */
  async function store(bot: TestBot, chatId: number, actions: Record<string, OutgoingAction>, occasion?: string) {
    const about = { botId: bot.id, organizationId, chatId: String(chatId) };
    const named = { ...about, occasion: occasion ?? `update:${++occasions}` };
    await worker.deps.database.transaction(async (tx) => {
      for (const [step, action] of Object.entries(actions)) {
        await sendInChat(tx, worker.deps.queue, { ...named, step, action });
      }
    });
  }

  const send = (bot: TestBot, chatId: number, deps: Partial<typeof worker.deps> = {}) =>
    worker.deliver({ organizationId, botId: bot.id, chatId: String(chatId) }, { deps: { pace: eager, ...deps } });
  const poll = (bot: TestBot) => worker.deliver({ organizationId, botId: bot.id }, { queue: 'polling' });

  /** Does jobs that may begin until none is left, a chat at a time. */
  async function work(): Promise<void> {
    for (;;) {
      const jobs = await sql<{ data: { chatId: string } }[]>`
        delete from pgboss.job where name = 'sending' and state = 'created' and start_after <= now() returning data`;
      if (jobs.length === 0) return;
      await Promise.all(jobs.map(({ data }) => worker.deliver(data, { deps: { pace: eager } })));
    }
  }
  const states = async (bot: TestBot) =>
    (await sql`select step, state, reason from telegram_messages where bot_id = ${bot.id} order by position`).map(
      ({ step, state, reason }) => [step, state, reason].filter(Boolean).join(' '),
    );
  let people = 0;
  /** Somebody who has begun a chat with a bot. */
  function person(of: TestBot): TelegramUser {
    const user = server.user(`Person ${++people}`, { token: of.token });
    user.send('/start');
    return user;
  }

  const callsOf = (method: string) => server.calls.filter((call) => call.method === method);

  /** Seconds until the jobs that wait. */
  async function waiting(): Promise<number[]> {
    const jobs = await sql<{ seconds: number }[]>`
      select round(extract(epoch from start_after - now()))::int as seconds from pgboss.job where name = 'sending' order by 1`;
    return jobs.map(({ seconds }) => seconds);
  }

  /** Forgets what was to be sent, and what was. */
  async function clear(): Promise<void> {
    await sql`delete from pgboss.job where name = 'sending'`;
    server.calls.length = 0;
  }

  return {
    ...{ person, callsOf, waiting, clear },
    database,
    sql,
    server,
    worker,
    organizationId,
    environment,
    addBot,
    store,
    send,
    poll,
    work,
    states,
  };
}
