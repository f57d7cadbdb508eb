import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../../../../../db/client.ts';
import { readings } from '../../../../../db/schema/bots/readings.ts';
import type { Bot, BotUser } from '../../../contract.ts';
import { dailySpread, findSpread } from '../spreads.ts';
import type { Layout } from './contract.ts';

export type ReadingRow = typeof readings.$inferSelect;

/** So long the same question about the same cards has the same answer. */
const SAME_HOURS = 24;

export const layoutOf = ({ spread, cards, question, language }: ReadingRow): Layout => ({
  ...{ spread: findSpread(spread) ?? dailySpread, cards, question, language },
});

/** The day of now in the time zone of the bot. */
export async function todayOf(tx: Transaction, { timeZone }: Pick<Bot, 'timeZone'>): Promise<string> {
  const [row] = await tx.execute<{ day: string }>(sql`select (now() at time zone ${timeZone})::date::text as day`);
  return row?.day as string;
}

/** @returns undefined for those of others too */
export async function findReading(
  tx: Transaction,
  { id: botUserId }: BotUser,
  id: string,
): Promise<ReadingRow | undefined> {
  if (!z.uuid().safeParse(id).success) return undefined;
  const [row] = await tx
    .select()
    .from(readings)
    .where(and(eq(readings.id, id), eq(readings.botUserId, botUserId)));
  return row;
}

/** The card that a person has on a day. */
export async function findOfDay(
  tx: Transaction,
  { id: botUserId }: BotUser,
  day: string,
): Promise<ReadingRow | undefined> {
  const [row] = await tx
    .select()
    .from(readings)
    .where(and(eq(readings.botUserId, botUserId), eq(readings.day, day)));
  return row;
}

/** The same question about the same cards, which the person asked within a day. */
export async function findSame(
  tx: Transaction,
  { id: botUserId }: BotUser,
  { spread, question, cards, language }: Layout,
): Promise<ReadingRow | undefined> {
  const [row] = await tx
    .select()
    .from(readings)
    .where(
      and(
        eq(readings.botUserId, botUserId),
        eq(readings.state, 'done'),
        eq(readings.source, 'model'),
        eq(readings.spread, spread.name),
        eq(readings.question, question),
        eq(readings.language, language),
        eq(readings.cards, [...cards]),
        gt(readings.createdAt, sql`now() - make_interval(hours => ${SAME_HOURS})`),
      ),
    )
    .orderBy(desc(readings.createdAt))
    .limit(1);
  return row;
}

/** What a model has said of this card on this day to another person of the organization. It answers no one's question. */
export async function findSaidOfDay(
  tx: Transaction,
  { day, cards, language, target }: ReadingRow,
): Promise<string | undefined> {
  if (day === null) return undefined;
  const [row] = await tx
    .select({ answer: readings.answer })
    .from(readings)
    .where(
      and(
        eq(readings.day, day),
        eq(readings.state, 'done'),
        eq(readings.source, 'model'),
        eq(readings.language, language),
        eq(readings.cards, cards),
        target === null ? undefined : eq(readings.target, target),
      ),
    )
    .limit(1);
  return row?.answer ?? undefined;
}

/** The newest first. */
export const listReadings = (tx: Transaction, { id: botUserId }: BotUser, limit: number): Promise<ReadingRow[]> =>
  tx
    .select()
    .from(readings)
    .where(and(eq(readings.botUserId, botUserId), eq(readings.state, 'done')))
    .orderBy(desc(readings.createdAt), desc(readings.id))
    .limit(limit);
