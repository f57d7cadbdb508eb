import { randomInt } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, onTestFinished } from 'vitest';
import type { Transaction } from '../../../../db/client.ts';
import { createNotifications } from '../../../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../../../platform/capabilities/queue/index.ts';
import { createLog } from '../../../../platform/kernel/log.ts';
import type { Language } from '../../../../platform/kernel/problem.ts';
import { createMetrics } from '../../../../platform/kernel/telemetry/metrics.ts';
import { type TestDatabase, testDatabase } from '../../../../platform/testing/database.ts';
import { openWallet } from '../../../commerce/wallets/index.ts';
import type { OutgoingAction } from '../../../messages/telegram/index.ts';
import type { ChatModel, Choice } from '../../../models/index.ts';
import { chatAt } from '../../../models/providers/openai/openai.fixture.ts';
import { targetAt } from '../../../models/routing/exchange.fixture.ts';
import {
  type OpenAiBody,
  type OpenAiServer,
  type Script,
  say,
  startOpenAiServer,
} from '../../../testing/openai-server.ts';
import { testOrganization } from '../../../testing/organization.ts';
import type { Bot, BotUser, ChatEvent, Turn } from '../../contract.ts';
import { createTarot, type TarotDeps } from './create-tarot.ts';

/** A priced model. */
const MODEL = 'gpt-4';

/** The cards of the system message of a request. */
export const laidIn = ({ messages = [] }: OpenAiBody) =>
  JSON.parse(messages[0]?.content.split('\n').at(-1) ?? '{}') as {
    cards: { position: string; card: string; orientation: string }[];
  };

export const press = (action: string, argument = ''): ChatEvent => ({ type: 'button', action, argument, messageId: 7 });
export const write = (text: string): ChatEvent => ({ type: 'text', text });
export const command = (name: string): ChatEvent => ({ type: 'command', name, argument: '' });
export type Person = { bot: Bot; user: BotUser };

/** A reader that does as it is told: names every card. */
export const goodReader = (body: OpenAiBody) =>
  say(
    `${laidIn(body)
      .cards.map(({ position, card }) => `${position}: ${card}.`)
      .join(' ')} So it may be.`,
    {
      prompt: 500,
      completion: 60,
    },
  );

export interface PersonOptions {
  free?: number;
  language?: Language;
  settings?: Partial<Bot['settings']>;
  timeZone?: string;
}

/** The choice of one model at a server. */
export function choiceAt(
  server: OpenAiServer,
  options: { chat?: ChatModel; concurrency?: number; kind?: 'local' } = {},
): Choice {
  const { chat = chatAt(server.baseUrl), concurrency } = options;
  const target = targetAt(server, {
    name: MODEL,
    keys: [{ id: 'k1', secret: 'sk', weight: 1, ...(concurrency && { concurrency }) }],
  });
  const provider = options.kind ? { ...target.provider, kind: options.kind } : target.provider;
  const retry = { attempts: 3, budgetMs: 20_000, on: ['connect', 'timeout', '429', '5xx'] } as const;
  return { models: [{ route: 'standard', target: { ...target, model: MODEL, provider }, chat }], retry };
}

/** One delivery of an update; another delivery has the same `requestId`. */
async function deliver(
  database: TestDatabase,
  deps: TarotDeps,
  { bot, user }: { bot: Bot; user: BotUser },
  event: ChatEvent,
  changes: Partial<Turn> = {},
) {
  const requestId = changes.requestId ?? crypto.randomUUID();
  const said: Record<string, OutgoingAction> = {};
  const previews: string[] = [];
  let finished = 0;
  const [row] = await database.owner<
    { state: Record<string, unknown> }[]
  >`select state from bot_users where id = ${user.id}`;
  const never = new AbortController().signal;
  const pending: (() => void)[] = [];
  const made: Turn = {
    ...{ bot, user: { ...user, state: row?.state ?? {} }, event, occasion: `update:${requestId}` },
    ...{ requestId, signal: never, stopped: never, log: createLog({ level: 'silent' }) },
    async transaction(work) {
      pending.length = 0;
      const result = await database.tenant.tenant(bot.organizationId, work);
      for (const commit of pending.splice(0)) commit();
      return result;
    },
    async say(_tx, step, action) {
      pending.push(() => {
        said[step] ??= action;
      });
    },
    async remember(tx: Transaction, state) {
      await tx.execute(
        sql`update bot_users set state = ${JSON.stringify({ tarot: state })}::jsonb where id = ${user.id}`,
      );
    },
    async finish() {
      pending.push(() => {
        finished += 1;
      });
    },
    preview: ({ text }) => previews.push(text),
    ...changes,
  };
  const skill = createTarot(deps);
  const failure = await skill.handle(made).then(
    () => undefined,
    (error: unknown) => error,
  );
  const texts = Object.values(said).map((action) => ('text' in action ? action.text.text : action.kind));
  const buttons = Object.values(said).flatMap((action) =>
    'keyboard' in action ? (action.keyboard ?? []).flat().map((button) => ('data' in button ? button.data : '')) : [],
  );
  return { requestId: made.requestId, texts, text: texts.join('\n'), buttons, previews, finished, failure, skill };
}

/** Tarot on a database of its own, before an outbox that is kept in memory. */
export async function tarotScene() {
  const database = await testDatabase({ connections: 10 });
  const postgres = database.owner;
  const queue = createQueue(database.url('tenant'));
  afterAll(async () => {
    await queue.close();
    await database.close();
  });
  const base = {
    database: database.tenant,
    notifications: createNotifications(queue),
    metrics: createMetrics({ enabled: false }),
    tokensPerMinute: { external: 1_000_000, internal: 1_000_000 },
    randomInt,
  };

  async function serve(chat: Script): Promise<OpenAiServer> {
    const server = await startOpenAiServer({ chat });
    onTestFinished(() => server.close());
    return server;
  }

  async function person({ free = 3, language = 'en', settings = {}, timeZone = 'Europe/Moscow' }: PersonOptions = {}) {
    const { id: organizationId, owner } = await testOrganization(database);
    const username = `bot${crypto.randomUUID()}`;
    const [made] = await postgres<{ id: string }[]>`
      insert into bots (organization_id, created_by, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills, time_zone, delivery)
      values (${organizationId}, ${owner.userId}, ${username}, ${username}, 'Bot', '', '', '', '{tarot}', ${timeZone}, 'polling') returning id`;
    const bot: Bot = {
      ...{ id: made?.id as string, organizationId, createdBy: owner.userId, username, skills: ['tarot'], timeZone },
      settings: { free: { reading: free }, reversed: true, adultsOnly: false, referralBonus: 0, ...settings },
    };
    return { bot, user: await addUser(bot, free, language) };
  }

  async function addUser(bot: Bot, free = 3, language: Language = 'en'): Promise<BotUser> {
    const { id: botId, organizationId, timeZone } = bot;
    const id = crypto.randomUUID();
    const walletId = await database.tenant.tenant(organizationId, (tx) =>
      openWallet(tx, { organizationId, kind: 'bot-user', reference: id, timeZone, free: { reading: free } }),
    );
    await postgres`
      insert into bot_users (id, organization_id, bot_id, telegram_id, chat_id, language, wallet_id, referral_code)
      values (${id}, ${organizationId}, ${botId}, ${id}, ${id}, ${language}, ${walletId}, ${id})`;
    const user = { id, botId, organizationId, telegramId: id, chatId: id, language, walletId };
    return { ...user, accountId: undefined, confirmedAdult: true, state: {} };
  }

  /** What the wallet of a person has used today, and what was written down of readings. */
  async function books({ user }: { user: BotUser }) {
    const [counter] = await postgres`
      select used::int from usage_counters where owner_id = ${user.walletId} and unit = 'reading' and period = 'day'`;
    const reservations = await postgres<{ state: string }[]>`
      select state from usage_reservations where wallet_id = ${user.walletId} order by created_at`;
    return { used: (counter?.used ?? 0) as number, states: reservations.map(({ state }) => state) };
  }

  const rowsOf = ({ user }: { user: BotUser }) =>
    postgres<
      {
        id: string;
        state: string;
        spread: string;
        question: string;
        source: string | null;
        cards: { card: number; isReversed: boolean }[];
      }[]
    >`select * from readings where bot_user_id = ${user.id} order by created_at`;

  const turn = (
    deps: Partial<TarotDeps> & Pick<TarotDeps, 'catalogue'>,
    ...rest: Parameters<typeof deliver> extends [unknown, unknown, ...infer Rest] ? Rest : never
  ) => deliver(database, { ...base, ...deps }, ...rest);

  /** A conversation with a reader at a server. */
  async function talk(
    script: Parameters<typeof serve>[0],
    someone: Person,
    options: Parameters<typeof choiceAt>[1] = {},
  ) {
    const server = await serve(script);
    const catalogue = { route: async () => choiceAt(server, options) };
    const tell = (event: ChatEvent, changes: Partial<Turn> = {}, who: Person = someone) =>
      turn({ catalogue }, who, event, changes);
    /** Up to where the cards are drawn. */
    async function ask(spread: string, question: string) {
      await tell(press('spread', spread));
      await tell(question === '' ? press('noquestion') : write(question));
    }
    return { server, tell, ask };
  }

  return { ...{ database, sql: postgres, serve, person, addUser, turn, books, rowsOf, talk } };
}
