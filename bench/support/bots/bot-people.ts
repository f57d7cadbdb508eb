import { setTimeout as sleep } from 'node:timers/promises';
import type { TelegramServer, TelegramUser } from '../../../platform/testing/telegram-server.ts';
import type { Account } from '../../../tests/support/http/client.ts';
import type { HookedBot } from './update-flood.ts';

/** Bots as their people meet them. */
export interface BenchBot extends HookedBot {
  token: string;
}

const LONGEST_MS = 180_000;
const LOOK_MS = 10;
const waiting = { timeoutMs: LONGEST_MS };

/** A bot with a webhook at the platform, set up over the API. */
export async function addBot(account: Account, server: TelegramServer, skill: 'tarot' | 'image'): Promise<BenchBot> {
  const { token } = server.addBot();
  const { id } = await account.get<{ id: string }>('POST /api/bots', {
    json: { token, skills: [skill], timeZone: 'Europe/Moscow', settings: { free: { reading: 5, image: 5 } } },
    headers: { 'idempotency-key': crypto.randomUUID() },
  });
  const hook = server.bot(token).webhook;
  if (!hook) throw new Error('Add bot: it has no webhook');
  return { id, token, url: hook.url, secret: hook.secret };
}

/** Milliseconds of one talk about three cards. */
export interface Talk {
  /** From a question to the spreads that the bot offers. */
  offered: number;
  /** From the wish to draw to the first words of the interpretation, where it is shown while it is written. */
  firstWords?: number;
  /** From the wish to draw to the message with the whole reading. */
  whole: number;
}

/** Asks the cards. @throws when an answer takes longer than three minutes */
export async function talkAboutCards(person: TelegramUser): Promise<Talk> {
  const started = person.send('/start');
  await person.waitFor('tarot cards', { ...waiting, after: started });
  const asked = performance.now();
  const question = person.send(`What will the year bring to ${person.name}?`);
  const offer = await person.waitFor('Choose a spread', { ...waiting, after: question });
  const offered = performance.now() - asked;
  await person.press('tarot:spread:time', offer.message_id);
  const choice = await person.waitFor('Draw 3 cards', { ...waiting, after: offer.message_id });
  const drawn = performance.now();
  const told = person.waitFor('A reading is entertainment', { ...waiting, after: choice.message_id });
  const over = new AbortController();
  const first = watchDraft(person, over.signal).then((at) => at && at - drawn);
  void person.press('tarot:draw', choice.message_id);
  await told.finally(() => over.abort());
  const whole = performance.now() - drawn;
  const firstWords = await first;
  return { offered, whole, ...(firstWords !== undefined && { firstWords }) };
}

/** When a text began to be shown; undefined when none was until the signal. */
async function watchDraft(person: TelegramUser, signal: AbortSignal): Promise<number | undefined> {
  while (!signal.aborted) {
    if (person.draft()) return performance.now();
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** Has a picture made. @returns milliseconds from the wish to the photo */
export async function askForPicture(person: TelegramUser): Promise<number> {
  const began = performance.now();
  const wish = person.send('A lighthouse in the fog');
  await person.waitFor(({ photo }) => photo !== undefined, { ...waiting, after: wish });
  return performance.now() - began;
}

/** Lets each of them begin at another moment of so many milliseconds. */
export const spreadOver = <T>(
  people: readonly TelegramUser[],
  overMs: number,
  talk: (person: TelegramUser) => Promise<T>,
) => Promise.all(people.map((person, index) => sleep((overMs * index) / people.length).then(() => talk(person))));
