import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramPayments } from '../../../../db/schema/commerce/telegram-payments.ts';

/**
 * Forgets who paid a bot, of one person or of all. Payments stay as bookkeeping. Of one that is still to be paid back the number stays,
 * because Telegram pays it back to no one without it.
 */
export async function forgetPayers(
  tx: Transaction,
  { botId, telegramId }: { botId: string; telegramId?: string },
): Promise<void> {
  const ofPerson = telegramId === undefined ? undefined : eq(telegramPayments.telegramId, telegramId);
  const isSettled = sql`(${telegramPayments.state} in ('credited', 'refunded') or ${telegramPayments.currency} <> 'XTR')`;
  await tx
    .update(telegramPayments)
    .set({ telegramId: null })
    .where(and(eq(telegramPayments.botId, botId), ofPerson, isSettled));
}
