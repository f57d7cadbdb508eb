import type { TelegramMessage, TelegramUser } from '../platform/testing/telegram-server.ts';
import type { DemoClient } from './demo-client.ts';

const question = 'What will the move to another town bring?';
const waiting = { timeoutMs: 60_000 };
const person = 'Maria';

/** Telegram with a person to talk for, in this process or another. */
export interface DemoTelegram {
  addBot(username: string): Made | Promise<Made>;
  user(name: string, options: { token: string }): DemoUser;
}

interface Made {
  username: string;
  token: string;
}

export interface DemoUser {
  send(text: string): number | Promise<number>;
  press(button: string, messageId: number): Promise<unknown>;
  waitFor(match: string, options: { timeoutMs: number; after: number }): ReturnType<TelegramUser['waitFor']>;
}

/**
 * Sets up a bot that reads tarot cards, talks to it as a person would on the Bot API of the tests, prints what both said, and removes it.
 * False without a reading.
 */
export async function talkToBot(client: DemoClient, telegram: DemoTelegram): Promise<boolean> {
  const { token, username } = await telegram.addBot('demo_tarot_bot');
  await removeBots(client, username);
  const { status, body } = await client.post<{ id: string; detail?: string }>('/api/bots', {
    ...{ token, skills: ['tarot'], timeZone: 'Europe/Moscow', settings: { free: { reading: 3 } } },
  });
  if (status !== 201) {
    console.error(`Talk to bot: ${body.detail ?? status}`);
    return false;
  }
  console.log(`\nA talk with @${username}, on a Bot API of this machine in place of Telegram`);
  try {
    await talk(telegram.user(person, { token }));
    return true;
  } catch (error) {
    console.error(`Talk to bot: ${error instanceof Error ? error.message : error}`);
    return false;
  } finally {
    await client.remove(`/api/bots/${body.id}`);
  }
}

/** Those of a demonstration that was cut off. */
async function removeBots(client: DemoClient, username: string): Promise<void> {
  const { items } = await client.get<{ items: { id: string; username: string }[] }>('/api/bots');
  for (const bot of items) if (bot.username === username) await client.remove(`/api/bots/${bot.id}`);
}

/** @throws when an answer does not come */
async function talk(user: DemoUser): Promise<void> {
  let last = 0;
  const heard = async (match: string): Promise<TelegramMessage> => {
    const message = await user.waitFor(match, { ...waiting, after: last });
    last = message.message_id;
    console.log(show(message));
    return message;
  };
  const say = async (text: string) => {
    console.log(`  ${person}: ${text}`);
    last = await user.send(text);
  };
  const press = async (button: string, { message_id }: TelegramMessage) => {
    console.log(`  ${person} presses “${button}”`);
    await user.press(button, message_id);
  };
  await say('/start');
  await heard('tarot cards');
  await say(question);
  await press('Past – present – future', await heard('Choose a spread'));
  await press('🎴 Draw for me', await heard('Draw 3 cards'));
  await heard('A reading is entertainment');
  await say('/balance');
  await heard('Free today');
}

/** A message with its buttons, a row of them each line. */
function show({ text = '', reply_markup: keyboard }: TelegramMessage): string {
  const buttons = (keyboard?.inline_keyboard ?? []).map((row) => row.map((button) => `[ ${button.text} ]`).join(' '));
  const [first = '', ...others] = [...text.split('\n'), ...buttons].filter((line) => line.trim() !== '');
  return [`  Bot: ${first}`, ...others.map((line) => `    ${line}`)].join('\n');
}
