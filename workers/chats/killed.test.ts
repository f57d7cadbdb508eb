import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { checkWallets } from '../../modules/commerce/wallets/check-wallets.ts';
import { botPlatform } from './platform.fixture.ts';
import { PACK, visit } from './visitor.fixture.ts';

const seed = Number(process.env.KILLS_SEED ?? randomInt(2 ** 31));
/** Numbers below one, the same for a seed. */
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}
let state = seed;

const VISITORS = ['Ada', 'Boris', 'Clara', 'Dmitri'];
const ENDED = ['bots', 'bots', 'chats', 'chats', 'chats', 'sending', 'sending', 'connections', 'database'] as const;
/** Each may have come between a message in Telegram and the note that it was sent. */
const MOST_TWINS = ENDED.filter((name) => name !== 'bots' && name !== 'chats').length;

const platform = await botPlatform({ random });
const { database, sql, telegram, shown, find } = platform;

let answers = 0;
const onAnswer = () => void answers++;

async function endInTurn(): Promise<void> {
  const order = ENDED.map((name) => ({ name, at: random() })).toSorted((a, b) => a.at - b.at);
  for (const { name } of order) {
    // Each has had something to do.
    const before = answers;
    await expect.poll(() => answers - before, { timeout: 120_000 }).toBeGreaterThanOrEqual(2);
    await sleep(random() * 500);
    if (name === 'connections') await platform.cutConnections();
    else if (name === 'database') await platform.killDatabase();
    else await platform.replace(name);
  }
}

it(`people who chat and pay get and are charged all once, whatever is killed (KILLS_SEED=${seed})`, {
  timeout: 600_000,
}, async () => {
  let isOver = false;
  const visits = VISITORS.map((name) => visit(platform, name, { random, onAnswer, isOver: () => isOver }));
  await Promise.race([endInTurn(), Promise.all(visits)]);
  isOver = true;
  const people = await Promise.all(visits);
  const bot = telegram.bot();
  await expect.poll(() => bot.pending.length, { timeout: 30_000 }).toBe(0);
  await find(
    () => sql`
      select 1 where not exists (select 1 from bot_updates where handled_at is null)
        and not exists (select 1 from telegram_messages where closed_at is null)`,
  );

  // Each update was handled once: its answer is one message.
  const updates = await sql<{ update_id: string; answers: number }[]>`
    select update_id, (select count(*)::int from telegram_messages where occasion = 'update:' || update_id) as answers from bot_updates`;
  const done = people.flatMap((person) => person.updates);
  const charges = [...bot.charges.values()];
  expect(updates.filter(({ answers }) => answers !== 1)).toEqual([]);
  expect(done.filter((id) => !updates.some(({ update_id }) => Number(update_id) === id))).toEqual([]);
  expect(updates.length).toBe(done.length + charges.length);

  // Each reading has one row, with the cards that were drawn first, and one charge.
  const questions = people.flatMap((person) => person.questions);
  const readings = await sql<{ question: string; state: string; source: string; reservation: string; cards: number }[]>`
    select question, r.state, r.source, u.state as reservation, jsonb_array_length(cards) as cards from readings r
    left join usage_reservations u using (request_id)`;
  const read = { state: 'done', source: 'model', reservation: 'settled' };
  const wanted = [
    ...VISITORS.map(() => ({ question: '', ...read, cards: 1 })),
    ...questions.map((question) => ({ question: `${question}?`, ...read, cards: 3 })),
  ];
  const byQuestion = (a: { question: string }, b: { question: string }) => (a.question < b.question ? -1 : 1);
  expect(readings.toSorted(byQuestion)).toEqual(wanted.toSorted(byQuestion));
  expect(questions.map((question) => shown.get(question)?.size)).toEqual(questions.map(() => 1));
  const [reservations] = await sql`select count(*)::int as n from usage_reservations`;
  expect(reservations?.n).toBe(readings.length);

  // Each payment was credited once, and each reading taken from it once.
  const paid = people.flatMap((person) => person.paid);
  const payments = await sql<{ charge_id: string; amount: string; state: string }[]>`select * from telegram_payments`;
  expect(new Set(payments.map(({ charge_id }) => charge_id))).toEqual(new Set(bot.charges.keys()));
  expect(paid.filter((id) => !bot.charges.has(id))).toEqual([]);
  expect(payments.every(({ state }) => state === 'credited')).toBe(true);
  expect(payments.reduce((sum, { amount }) => sum + Number(amount), 0)).toBe(bot.stars);
  const wallets = await sql<{ telegram_id: string; left: number }[]>`
    select telegram_id, (select sum(amount)::int from unit_credits where owner_id = wallet_id) as left from bot_users`;
  const left = Object.fromEntries(wallets.map((row) => [row.telegram_id, row.left]));
  for (const { id, questions: asked } of people) {
    const bought = charges.filter(({ person }) => person.id === id).length * PACK.amount;
    expect([id, left[id]]).toEqual([id, bought - asked.length - 1]);
  }
  expect(await database.platform.transaction(checkWallets)).toEqual([]);

  // Each answer stands in its chat; what stands there twice was sent by a process that could not note it any more.
  const sent = await sql<{ chat_id: string; kind: string; state: string; reason: string; message_ids: string[] }[]>`
    select chat_id, kind, state, reason, message_ids from telegram_messages`;
  const unsent = sent.filter(({ state }) => state !== 'sent');
  expect(unsent.filter(({ kind, reason }) => kind !== 'invoice' || reason !== 'uncertain')).toEqual([]);
  expect(sent.filter(({ state, message_ids: ids }) => state === 'sent' && ids.length !== 1)).toEqual([]);
  for (const name of VISITORS) {
    const user = telegram.user(name);
    const noted = new Set(
      sent.filter((row) => row.chat_id === String(user.id)).flatMap((row) => row.message_ids.map(Number)),
    );
    const messages = user.messages();
    const [first, twins] = [true, false].map((is) => messages.filter((one) => noted.has(one.message_id) === is));
    expect(first?.length).toBe(noted.size);
    expect(twins?.length).toBeLessThanOrEqual(MOST_TWINS);
    const texts = new Set(first?.map(({ text }) => text));
    expect(twins?.filter(({ text, invoice }) => !invoice && !texts.has(text))).toEqual([]);
  }
});
