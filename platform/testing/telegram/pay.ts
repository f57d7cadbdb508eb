import { randomUUID } from 'node:crypto';
import { addMessage, asPerson } from './chats.ts';
import type { BotChat, Charge, Context, Invoice, Person, TelegramBot } from './state.ts';
import { seconds } from './state.ts';

/** How a payment ended, as the person sees it. */
export type Paid = { ok: true; chargeId: string } | { ok: false; error: string };

const MONTH_SECONDS = 2_592_000;

/** Asks the bot, and takes the money when it agrees in time. */
export async function pay(
  context: Context,
  bot: TelegramBot,
  chat: BotChat,
  person: Person,
  invoice: Invoice,
): Promise<Paid> {
  const isStars = invoice.currency === 'XTR';
  if (isStars && person.stars < invoice.amount) return { ok: false, error: 'not enough Stars' };
  const id = String(context.nextId());
  const answered = new Promise<Paid>((resolve) => {
    const timer = setTimeout(() => {
      bot.checkouts.delete(id);
      resolve({ ok: false, error: 'the bot did not answer in time' });
    }, context.settings.checkoutMs);
    bot.checkouts.set(id, {
      deadline: context.now() + context.settings.checkoutMs,
      answer(ok, error = '') {
        clearTimeout(timer);
        resolve(ok ? { ok, chargeId: takeMoney(context, bot, chat, person, invoice) } : { ok, error });
      },
    });
  });
  const { currency, amount: total_amount, payload: invoice_payload } = invoice;
  const query = { id, from: asPerson(person), currency, total_amount, invoice_payload };
  context.emit(bot, 'pre_checkout_query', query, `checkout:${person.id}`);
  return answered;
}

/** Moves the money and tells the bot by a message. @returns the id of the charge */
export function takeMoney(
  context: Context,
  bot: TelegramBot,
  chat: BotChat,
  person: Person,
  invoice: Invoice,
  renewed?: Charge,
): string {
  const chargeId = `stx${randomUUID().replaceAll('-', '')}`;
  const { currency, amount, payload, subscriptionPeriod } = invoice;
  const paidUntil =
    subscriptionPeriod === undefined ? undefined : (renewed?.paidUntil ?? seconds(context)) + MONTH_SECONDS;
  const charge: Charge = { id: chargeId, person, invoice, isRefunded: false, isCanceled: false };
  if (paidUntil !== undefined) charge.paidUntil = paidUntil;
  if (renewed) charge.first = renewed.first ?? renewed;
  bot.charges.set(chargeId, charge);
  if (currency === 'XTR') {
    person.stars -= amount;
    bot.stars += amount;
    const partner = {
      type: 'user',
      transaction_type: 'invoice_payment',
      user: asPerson(person),
      invoice_payload: payload,
    };
    const source = { ...partner, ...(subscriptionPeriod && { subscription_period: subscriptionPeriod }) };
    bot.transactions.push({ id: chargeId, amount, date: seconds(context), source });
  }
  const successful_payment = {
    ...{ currency, total_amount: amount, invoice_payload: payload },
    ...(paidUntil !== undefined && { subscription_expiration_date: paidUntil, is_recurring: true }),
    ...(paidUntil !== undefined && !renewed && { is_first_recurring: true }),
    ...{ telegram_payment_charge_id: chargeId, provider_payment_charge_id: `${person.id}_${chargeId.slice(3, 9)}` },
  };
  const message = addMessage(context, bot, chat, asPerson(person), { successful_payment });
  context.emit(bot, 'message', message, String(chat.info.id));
  return chargeId;
}
