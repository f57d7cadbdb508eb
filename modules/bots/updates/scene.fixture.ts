import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { createFeed } from '../../../platform/capabilities/feed/index.ts';
import { createQueue } from '../../../platform/capabilities/queue/index.ts';
import type { RateLimiter } from '../../../platform/capabilities/rates/index.ts';
import { createLocalStorage } from '../../../platform/capabilities/storage/index.ts';
import { createLog } from '../../../platform/kernel/log.ts';
import type { Refused } from '../../../platform/kernel/telemetry/limit-reasons.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { testOrganization } from '../../testing/organization.ts';
import { newSecretKey } from '../../testing/secret-key.ts';
import type { Chat } from '../jobs.ts';
import { createBotSeal } from '../records/bot-seal.ts';
import { hashOf, newWebhookSecret } from '../records/webhook-secret.ts';
import { echoSkill } from '../skills/echo.fixture.ts';
import type { ChatDeps } from './contract.ts';
import { createReceiver } from './create-receiver.ts';
import { handleChat } from './handle-chat.ts';

const log = createLog({ level: 'silent' });
const unlimited: Pick<RateLimiter, 'check'> = { check: async () => ({ allowed: true, remaining: 1, resetAt: 0 }) };

export interface BotOptions {
  settings?: object;
  skills?: string[];
}

/** Bots on a database of their own, without Telegram: updates are delivered and jobs done in this process. */
export async function botScene() {
  const database = await testDatabase({ connections: 10 });
  const sql = database.owner;
  const queue = createQueue(database.url('tenant'));
  const folder = await mkdtemp(join(inject('services').folder, 'bots-'));
  const seal = createBotSeal(await newSecretKey(folder));
  afterAll(async () => {
    await queue.close();
    await database.close();
  });
  const deps: ChatDeps = {
    ...{ database: database.tenant, queue, feed: createFeed(database.tenant), limiter: unlimited, seal },
    telegram: () => ({ call: () => Promise.reject(new Error('Call Telegram: not here')) }),
    orderLink: { isOpen: false, of: () => undefined },
    ...{ skills: [echoSkill()], storage: createLocalStorage({ directory: folder }), perMinute: 30 },
  };
  const receiver = createReceiver(deps);

  /** A bot of an organization of its own. */
  async function bot({ settings = {}, skills = ['tarot'] }: BotOptions = {}) {
    const organization = await testOrganization(database);
    const [id, secret] = [crypto.randomUUID(), newWebhookSecret(organization.id)];
    await sql`
      insert into bots
        (id, organization_id, created_by, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone,
          settings, delivery)
      values (${id}, ${organization.id}, ${organization.owner.userId}, ${id}, 'a_bot', 'A bot', 'v1.', 'v1.', ${hashOf(secret)}, ${skills},
        'Europe/Moscow', ${sql.json(settings as never)}, 'webhook')`;
    return { id, organization, secret };
  }

  let updateId = 1000;
  const person = (personId: number, language = 'ru') => ({ id: personId, is_bot: false, language_code: language });
  const privately = (personId: number) => ({ id: personId, type: 'private' });
  const message = (personId: number, extra: object, language?: string) => ({
    update_id: ++updateId,
    message: { message_id: updateId, from: person(personId, language), chat: privately(personId), date: 0, ...extra },
  });
  const said = (personId: number, text: string, language?: string) => message(personId, { text }, language);
  const pressed = (personId: number, data: string, messageId = 1) => ({
    update_id: ++updateId,
    callback_query: {
      ...{ id: `c${updateId}`, from: person(personId), data, chat_instance: '1' },
      message: { message_id: messageId, chat: privately(personId) },
    },
  });

  const refusals: { type: string; organizationId: string }[] = [];

  /**
   * Does the jobs that wait until none is left.
   * @param own in place of what all have
   * @param isEager also those that wait for a later time
   */
  async function work(own: Partial<ChatDeps> = {}, { isEager = true } = {}): Promise<void> {
    for (;;) {
      const jobs = await sql<{ data: Chat }[]>`
        delete from pgboss.job where name = 'chats' and state in ('created', 'retry')
          and (${isEager} or start_after <= now()) returning data`;
      if (jobs.length === 0) return;
      const signal = new AbortController().signal;
      const refused: Refused = ({ type }, organizationId) => void refusals.push({ type, organizationId });
      await Promise.all(jobs.map(({ data }) => handleChat({ ...deps, ...own }, data, { signal, log, refused })));
    }
  }

  /** What was said in a chat, in order. */
  async function answers(botId: string, personId: number): Promise<string[]> {
    const rows = await sql<{ action: { kind: string; text?: { text: string } } }[]>`
      select action from telegram_messages where bot_id = ${botId} and chat_id = ${String(personId)} order by position`;
    return rows.map(({ action }) => action.text?.text ?? action.kind);
  }

  async function balance(botId: string, personId: number) {
    const [row] = await sql`
      select w.wallet_id, (select coalesce(sum(used), 0)::int from usage_counters c where c.owner_id = w.wallet_id and c.period = 'day') as used
      from bot_users w where bot_id = ${botId} and telegram_id = ${String(personId)}`;
    return row as { wallet_id: string; used: number };
  }

  const open = async (botId: string) =>
    (await sql`select 1 from bot_updates where bot_id = ${botId} and handled_at is null`).length;

  return {
    ...{ database, sql, queue, deps, receiver, bot, said, pressed, message, person, work, answers, balance, open },
    /** What work was refused for since the beginning, in order. */
    refusals,
  };
}
