import { setTimeout as sleep } from 'node:timers/promises';
import type { BotPlatform } from './platform.fixture.ts';

/** What a person did, and what must have come of it. */
export interface Done {
  updates: number[];
  questions: string[];
  paid: string[];
}

/** A pack, which is used up before the next one is bought. */
export const PACK = { amount: 7, stars: 50 };

/** A person who buys readings and has cards drawn until `isOver`, one thing after the other. */
export async function visit(
  { telegram, sql, find }: BotPlatform,
  name: string,
  { isOver, onAnswer, random }: { isOver(): boolean; onAnswer(): void; random(): number },
): Promise<Done & { id: number }> {
  const [bot, user] = [telegram.bot(), telegram.user(name)];
  const done: Done = { updates: [], questions: [], paid: [] };

  /** Does something, and waits until it was answered. @returns the message that answers it, unless it is unknown whether it was sent */
  async function answerTo(act: () => unknown): Promise<number | undefined> {
    const updateId = bot.nextUpdateId;
    act();
    done.updates.push(updateId);
    const answer = await find(
      () => sql<{ message_ids: string[] }[]>`
        select m.message_ids from bot_updates u
        join telegram_messages m on m.bot_id = u.bot_id and m.occasion = 'update:' || u.update_id
        where u.update_id = ${updateId} and u.handled_at is not null and m.closed_at is not null`,
    );
    onAnswer();
    const [messageId] = answer.message_ids;
    return messageId === undefined ? undefined : Number(messageId);
  }

  async function buy(): Promise<void> {
    const packs = await answerTo(() => user.send('/buy'));
    const invoice = await answerTo(() => user.press(`bot:buy:reading-${PACK.amount}`, packs));
    // An invoice is never sent twice; a person who got none asks again, and so does one whose payment was not answered in time.
    const paid = invoice === undefined ? { ok: false as const } : await user.pay(invoice);
    if (!paid.ok) return buy();
    done.paid.push(paid.chargeId);
    await find(() => sql`select 1 from telegram_payments where charge_id = ${paid.chargeId}`);
  }

  async function draw(): Promise<void> {
    const question = `Question ${done.questions.length + 1} of ${name}`;
    done.questions.push(question);
    const offered = await answerTo(() => user.send(`/tarot ${question}?`));
    const ready = await answerTo(() => user.press('tarot:spread:time', offered));
    await answerTo(() => user.press('tarot:draw', ready));
  }

  await answerTo(() => user.send('/start'));
  await buy();
  await answerTo(() => user.send('/card'));
  for (let used = 1; !isOver(); used += 1) {
    if (used % PACK.amount === 3) await buy();
    await draw();
    await sleep(random() * 100);
  }
  return { id: user.id, ...done };
}
