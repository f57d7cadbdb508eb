import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../../db/client.ts';
import { readings } from '../../../../../db/schema/bots/readings.ts';
import type { Notifications } from '../../../../../platform/capabilities/outbox/index.ts';
import { type Reserved, reserveUnits, tellReserved } from '../../../../commerce/metering/index.ts';
import { type Choice, estimateTokens } from '../../../../models/index.ts';
import type { Turn } from '../../../contract.ts';
import type { TarotState } from '../state.ts';
import type { Layout } from './contract.ts';
import { MOST_SECONDS } from './in-line.ts';
import { ANSWER_TOKENS, promptOf } from './prompt.ts';
import { layoutOf, type ReadingRow } from './records.ts';

export interface BeginDeps {
  notifications: Notifications;
  /** What an organization may use in a minute. */
  tokensPerMinute: { external: number; internal: number };
}

/** Cards that are laid now, or were before, by the reading that they belong to. */
export type Laid = { layout: Layout; day?: string } | { reading: ReadingRow };

export interface Begun {
  reading: ReadingRow;
  /** Of the models, those that have a price and that budgets have room for. */
  targets: readonly string[];
}

/**
 * Stores the cards and reserves the reading, in one transaction. Done again for the same update it finds the cards that were stored, and
 * lays no others.
 * @throws Problem those of `reserveUnits`
 */
export async function beginReading(
  tx: Transaction,
  { notifications, tokensPerMinute }: BeginDeps,
  turn: Turn,
  { laid, choice, state }: { laid: Laid; choice: Choice; state: TarotState },
): Promise<Begun> {
  const reading = await storeCards(tx, turn, laid, choice.models[0].target.name);
  await turn.remember(tx, state);
  const reserved = await reserve(tx, turn, reading, choice, tokensPerMinute);
  await tellReserved(tx, notifications, turn.bot.organizationId, reserved);
  return { reading, targets: reserved.targets };
}

async function storeCards(
  tx: Transaction,
  { bot, user, requestId }: Turn,
  laid: Laid,
  target: string,
): Promise<ReadingRow> {
  const [earlier] = await tx.select().from(readings).where(eq(readings.requestId, requestId));
  if (earlier) return earlier;
  if ('reading' in laid) {
    const { id, version } = laid.reading;
    const [row] = await tx
      .update(readings)
      .set({ requestId, target, state: 'drawn', queuedAt: sql`now()`, version: version + 1 })
      .where(and(eq(readings.id, id), eq(readings.version, version)))
      .returning();
    if (!row) throw new Error('Read cards again: another process has changed their reading');
    return row;
  }
  const { spread, cards, question, language } = laid.layout;
  const [row] = await tx
    .insert(readings)
    .values({
      ...{ organizationId: bot.organizationId, botUserId: user.id, requestId, target },
      ...{ spread: spread.name, cards: [...cards], question, language, day: laid.day ?? null },
    })
    .returning();
  if (!row) throw new Error('Store cards: no row came back');
  return row;
}

/** Locks the organization's row, so it comes last. */
function reserve(
  tx: Transaction,
  { bot, user, requestId }: Turn,
  reading: ReadingRow,
  { models }: Choice,
  tokensPerMinute: BeginDeps['tokensPerMinute'],
): Promise<Reserved> {
  const prompt = promptOf(layoutOf(reading)).reduce((sum, { content }) => sum + 4 + estimateTokens(String(content)), 0);
  const targets = models.map(({ target }) => ({ target: target.name, price: target.price }));
  return reserveUnits(
    tx,
    {
      ...{ owner: { organizationId: bot.organizationId, walletId: user.walletId }, userId: bot.createdBy, requestId },
      ...{ action: 'reading', amounts: { reading: 1 }, secondsOpen: MOST_SECONDS + STORING_SECONDS },
      model: {
        channel: 'external',
        models: { standard: targets, advanced: targets, 'advanced-when-complex': targets },
        ...{ question: estimateTokens(reading.question), prompt, completion: ANSWER_TOKENS },
      },
    },
    tokensPerMinute,
  );
}

/** After the last moment of an answer; until then its reservation stays open. */
const STORING_SECONDS = 60;
