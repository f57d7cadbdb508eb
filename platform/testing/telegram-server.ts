import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newChat } from './telegram/chats.ts';
import { createContext } from './telegram/create-context.ts';
import type { Delivery } from './telegram/deliver-updates.ts';
import { newBot } from './telegram/new-bot.ts';
import { serveCalls, type TelegramCall, type TelegramFault } from './telegram/serve-calls.ts';
import type { Person, Settings, TelegramBot } from './telegram/state.ts';
import type { TelegramUser } from './telegram/telegram-user.ts';
import { createUser } from './telegram/user.ts';
import { createWatch } from './telegram/watch.ts';

export type { TelegramCall, TelegramFault } from './telegram/serve-calls.ts';
export type { TelegramMessage } from './telegram/state.ts';
export type { TelegramUser } from './telegram/telegram-user.ts';

export interface TelegramServer {
  /** In place of https://api.telegram.org. */
  url: string;
  host: string;
  settings: Settings;
  /** How far its clock is ahead. */
  skewMs: number;
  /** Calls that were answered, in order. */
  readonly calls: TelegramCall[];
  readonly deliveries: readonly Delivery[];
  addBot(username?: string): { id: number; username: string; token: string };
  /** What BotFather does when asked for another token. */
  revoke(token: string): void;
  /** A person by name, in the chat with a bot; the first one without a token. */
  user(name: string, options?: { token?: string; language?: string; group?: number }): TelegramUser;
  /** @returns the id of a group that the bot is in */
  addGroup(title: string, token?: string): number;
  /** Makes a supergroup of it. @returns its new id */
  migrate(groupId: number, token?: string): number;
  /** Meets the next calls of this method, one each. */
  fail(method: string, ...faults: TelegramFault[]): void;
  /** Answers 429 to a chat, or to a bot without one, for so many seconds. */
  flood(seconds: number, chatId?: number, token?: string): void;
  /** What the bot has of the service: its Stars, updates that wait, commands. */
  bot(token?: string): TelegramBot;
  close(): Promise<void>;
}

const REAL: Settings = {
  ...{ callbackAgeMs: 60_000, checkoutMs: 10_000, webhookTimeoutMs: 60_000, redeliverMs: 1_000, draftMs: 30_000 },
  strangers: 'unauthorized',
  ...{ chat: { rate: 1, burst: 20 }, group: { rate: 20 / 60, burst: 20 }, bot: { rate: 30, burst: 60 } },
};
const FIRST_BOT_ID = 7_000_000_001;

/** The Bot API of Telegram with people to talk to, which enforces what the real one is known to. */
export async function startTelegramServer(
  settings: Partial<Settings> = {},
  host = '127.0.0.1',
): Promise<TelegramServer> {
  const all = { ...REAL, ...settings };
  const faults: { method: string; fault: TelegramFault }[] = [];
  const calls: TelegramCall[] = [];
  const now = () => Date.now() + self.skewMs;
  const watch = createWatch();
  const { context, deliverer } = createContext(all, now, watch.look);
  const botOf = (token?: string): TelegramBot => {
    const bot = token === undefined ? [...context.bots.values()][0] : context.bots.get(token);
    if (!bot) throw new Error('Find bot: there is none with this token');
    return bot;
  };
  const personOf = (name: string, language: string): Person => {
    for (const person of context.people.values()) if (person.first_name === name) return person;
    const person = { id: 500_000 + context.nextId(), is_bot: false, first_name: name, language_code: language };
    const made = { ...person, stars: 100_000, isGone: false };
    context.people.set(person.id, made);
    return made;
  };
  const self: TelegramServer = {
    ...{ url: '', host: '', settings: all, skewMs: 0, calls, deliveries: deliverer.deliveries, bot: botOf },
    addBot(username = `test_${context.bots.size + 1}_bot`) {
      const id = FIRST_BOT_ID + context.bots.size;
      const token = `${id}:${randomBytes(27).toString('base64url').slice(0, 35)}`;
      context.bots.set(token, newBot(id, username, token));
      return { id, username, token };
    },
    revoke(token) {
      const bot = botOf(token);
      bot.isRevoked = true;
      bot.poll?.('closed');
    },
    user(name, { token, language = 'en', group } = {}) {
      const bot = botOf(token);
      const info = group === undefined ? undefined : bot.chats.get(group)?.info;
      return createUser(context, bot, personOf(name, language), watch.until, info);
    },
    addGroup(title, token) {
      const id = -(4_000_000 + context.nextId());
      botOf(token).chats.set(id, newChat({ id, type: 'group', title }));
      return id;
    },
    migrate(groupId, token) {
      const bot = botOf(token);
      const group = bot.chats.get(groupId);
      if (!group) throw new Error('Migrate group: there is none with this id');
      group.movedTo = -(1_000_000_000_000 + context.nextId());
      bot.chats.set(group.movedTo, newChat({ ...group.info, id: group.movedTo, type: 'supergroup' }));
      return group.movedTo;
    },
    fail: (method, ...wanted) => void faults.push(...wanted.map((fault) => ({ method, fault }))),
    flood: (seconds, chatId, token) => context.buckets.flood(botOf(token).info.id, chatId, seconds),
    async close() {
      deliverer.close();
      for (const bot of context.bots.values()) bot.poll?.('closed');
      server.closeAllConnections();
      server.close();
    },
  };
  const server = createServer(serveCalls(context, faults, calls)).listen(0, host);
  await once(server, 'listening');
  self.host = `${host}:${(server.address() as AddressInfo).port}`;
  self.url = `http://${self.host}`;
  return self;
}
