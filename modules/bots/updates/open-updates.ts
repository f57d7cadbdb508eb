import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUpdates } from '../../../db/schema/bots/bot-updates.ts';
import type { Chat } from '../jobs.ts';
import { type Update, updateSchema } from './read-update.ts';

export interface OpenUpdate {
  updateId: number;
  /** Times that it was begun, this one included. */
  attempts: number;
  update: Update;
}

/** The open updates of a chat, in the order of arrival. */
export async function openUpdates(tx: Transaction, { botId, chatId }: Chat, limit: number): Promise<OpenUpdate[]> {
  const rows = await tx
    .select()
    .from(botUpdates)
    .where(and(eq(botUpdates.botId, botId), eq(botUpdates.chatId, chatId), isNull(botUpdates.handledAt)))
    .orderBy(asc(botUpdates.arrival))
    .limit(limit);
  return rows.map(({ updateId, attempts, payload }) => ({
    ...{ updateId, attempts },
    // What a release before stored may have another form.
    update: updateSchema.catch({ update_id: updateId }).parse({ ...(payload as object), update_id: updateId }),
  }));
}

/** Counts an attempt at an update. */
export async function beginUpdate(tx: Transaction, botId: string, updateId: number): Promise<void> {
  await tx
    .update(botUpdates)
    .set({ attempts: sql`${botUpdates.attempts} + 1` })
    .where(and(eq(botUpdates.botId, botId), eq(botUpdates.updateId, updateId)));
}

/** Of an update that was begun and waits: what comes next counts as the first that failed. */
export async function forgetAttempts(tx: Transaction, botId: string, updateId: number): Promise<void> {
  await tx
    .update(botUpdates)
    .set({ attempts: 1 })
    .where(and(eq(botUpdates.botId, botId), eq(botUpdates.updateId, updateId)));
}

/** An update that another process has handled. What was done for it in this transaction must not be. */
export class AlreadyHandled extends Error {
  override name = 'AlreadyHandled';
}

/** Closes updates and forgets what they hold. @throws AlreadyHandled when one of them is closed */
export async function closeUpdates(tx: Transaction, botId: string, updateIds: readonly number[]): Promise<void> {
  const closed = await tx
    .update(botUpdates)
    .set({ handledAt: sql`clock_timestamp()`, payload: null })
    .where(and(eq(botUpdates.botId, botId), inArray(botUpdates.updateId, [...updateIds]), isNull(botUpdates.handledAt)))
    .returning({ updateId: botUpdates.updateId });
  if (closed.length < updateIds.length) throw new AlreadyHandled('Close updates: handled by another process');
}
