import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { acceptCheckout } from '../../commerce/wallets/index.ts';
import { languageOf } from '../people/open-user.ts';
import { findBotRow } from '../records/find-bot.ts';
import type { AwaitedCall } from './contract.ts';
import type { CheckoutQuery } from './read-update.ts';

/** What Telegram is answered before it takes the money; it waits ten seconds for it, so that no queue stands in between. */
export async function answerCheckout(
  tx: Transaction,
  { id: botId, organizationId }: { id: string; organizationId: string },
  { id, from, currency, total_amount: totalAmount, invoice_payload: payload }: CheckoutQuery,
): Promise<AwaitedCall> {
  const bot = await findBotRow(tx, botId);
  const [user] = await tx
    .select({ walletId: botUsers.walletId, language: botUsers.language })
    .from(botUsers)
    .where(and(eq(botUsers.botId, botId), eq(botUsers.telegramId, String(from.id))));
  const refusal = await acceptCheckout(tx, {
    ...{ organizationId, botId, isBotOpen: bot?.state === 'active', walletId: user?.walletId },
    ...{ currency, totalAmount, payload },
  });
  const language = user?.language ?? languageOf(from.language_code);
  const params = {
    pre_checkout_query_id: id,
    ...(refusal ? { ok: false, error_message: refusal[language] } : { ok: true }),
  };
  return { method: 'answerPreCheckoutQuery', params };
}
