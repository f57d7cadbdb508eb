import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { amountOf } from '../../commerce/metering/index.ts';
import { creditPayment, noteSubscription, takeRefund } from '../../commerce/wallets/index.ts';
import { plain, sendInChat } from '../../messages/telegram/index.ts';
import type { Bot } from '../contract.ts';
import { words } from '../conversation/words.ts';
import { languageOf } from '../people/open-user.ts';
import type { ChatDeps } from './contract.ts';
import { chatOf, type Payment, personOf, type Update } from './read-update.ts';

/** Credits money that came, or takes back what was paid back, in the transaction that closes the update. @returns whether it was about money */
export async function receivePayment(
  { queue }: Pick<ChatDeps, 'queue'>,
  tx: Transaction,
  bot: Bot,
  update: Update,
): Promise<boolean> {
  const { message, subscription } = update;
  const [person, chatId] = [personOf(update), chatOf(update)];
  if (!person || chatId === undefined) return false;
  // By the chat: that money was paid back is said by the bot itself.
  const [user] = await tx
    .select()
    .from(botUsers)
    .where(and(eq(botUsers.botId, bot.id), eq(botUsers.chatId, chatId)));
  const language = user?.language ?? languageOf(person.language_code);
  const say = async (text: string) => {
    const address = { botId: bot.id, organizationId: bot.organizationId, chatId };
    const occasion = `update:${update.update_id}`;
    await sendInChat(tx, queue, { ...address, occasion, step: 'money', action: { kind: 'text', text: plain(text) } });
  };
  if (message?.successful_payment) {
    const credited = await creditPayment(
      tx,
      toReceived(bot, String(person.id), user?.walletId, message.successful_payment),
    );
    if (credited.outcome === 'credited') {
      await say(words[language].thanksPaid(amountOf(credited.unit, credited.amount)[language]));
    }
    if (credited.outcome === 'mismatch') await say(words[language].paidWrong);
    return true;
  }
  if (message?.refunded_payment) {
    const charge = { botId: bot.id, chargeId: message.refunded_payment.telegram_payment_charge_id };
    if (await takeRefund(tx, charge, new Date())) await say(words[language].refunded);
    return true;
  }
  if (!subscription) return false;
  const state = subscription.state === 'active' || subscription.state === 'failed' ? subscription.state : 'canceled';
  const noted = await noteSubscription(tx, { botId: bot.id, payload: subscription.invoice_payload, state });
  if (noted && state !== 'active') await say(words[language].subscriptionEnds);
  return true;
}

const toReceived = (bot: Bot, telegramId: string, walletId: string | undefined, payment: Payment) => ({
  ...{ organizationId: bot.organizationId, botId: bot.id, walletId, telegramId },
  ...{ currency: payment.currency, totalAmount: payment.total_amount, payload: payment.invoice_payload },
  ...{ chargeId: payment.telegram_payment_charge_id, isRecurring: payment.is_recurring ?? false, paidAt: new Date() },
  subscriptionUntil:
    payment.subscription_expiration_date === undefined
      ? undefined
      : new Date(payment.subscription_expiration_date * 1000),
});
