import type { TelegramMessage } from '../../platform/testing/telegram-server.ts';
import type { DemoTelegram } from '../../scripts/demo-bots.ts';
import type { Account } from './http/client.ts';
import type { SharedPlatform } from './shared-platform.ts';
import type { TelegramOrder } from './telegram-control.ts';
import { until } from './until.ts';

export interface BotInTelegram {
  token: string;
  username: string;
}

/** A bot of an organization, to which somebody has written. */
export interface BotWithPerson extends BotInTelegram {
  id: string;
  /** The person's id in the platform. */
  userId: string;
}

/** One that no organization has yet, as BotFather makes them. */
export const newBot = (platform: SharedPlatform, username?: string): Promise<BotInTelegram> =>
  order<BotInTelegram>(platform, { make: 'bot', ...(username !== undefined && { username }) });

/** The platform's Telegram, with people who talk to bots in it. */
export const telegramOf = (platform: SharedPlatform): DemoTelegram => ({
  addBot: (username) => newBot(platform, username),
  user: (person, { token }) => ({
    send: async (text) => (await order<{ id: number }>(platform, { make: 'message', token, person, text })).id,
    press: (button, messageId) => order(platform, { make: 'press', token, person, button, messageId }),
    waitFor: (match, { timeoutMs, after }) =>
      order<TelegramMessage>(platform, { make: 'wait', token, person, match, timeoutMs, after }),
  }),
});

/** A bot that has talked with a person. It is the organization's, whose people are found in it. */
export async function botWithPerson(
  platform: SharedPlatform,
  account: Account,
  username?: string,
): Promise<BotWithPerson> {
  const made = await newBot(platform, username);
  const json = { token: made.token, skills: ['tarot'] };
  const { id } = await account.get<{ id: string }>('POST /api/bots', { json });
  await write(platform, made, '/start');
  const userId = await until('a person of the bot', async () => {
    const { items } = await account.get<{ items: { id: string }[] }>(`GET /api/bots/${id}/users`);
    return items[0]?.id;
  });
  return { ...made, id, userId };
}

/** Lets the bot know that its person is who holds the account. @returns the identity's id */
export async function linkIdentity(platform: SharedPlatform, account: Account, bot: BotWithPerson): Promise<string> {
  const idOf = async () => {
    const { items } = await account.get<{ items: { id: string; botId: string }[] }>('GET /api/organization/identities');
    return items.find(({ botId }) => botId === bot.id)?.id;
  };
  const earlier = await idOf();
  const { code } = await account.get<{ code: string }>(`POST /api/bots/${bot.id}/link-codes`);
  await write(platform, bot, `/start link_${code}`);
  return until('a linked identity', async () => {
    const id = await idOf();
    return id === earlier ? undefined : id;
  });
}

const write = ({ telegram }: SharedPlatform, { token }: BotInTelegram, text: string): Promise<object> =>
  order({ telegram }, { make: 'message', token, person: 'Anna', text });

async function order<T extends object>(
  { telegram }: Pick<SharedPlatform, 'telegram'>,
  wanted: TelegramOrder,
): Promise<T> {
  const response = await fetch(telegram, { method: 'POST', body: JSON.stringify(wanted) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Order of Telegram: ${text}`);
  return JSON.parse(text) as T;
}
