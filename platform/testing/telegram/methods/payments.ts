import { randomUUID } from 'node:crypto';
import { addMessage, openChat } from '../chats.ts';
import { readMarkup } from '../keyboard.ts';
import type { Params } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { type Invoice, seconds } from '../state.ts';
import type { Method } from './contract.ts';

const MONTH_SECONDS = 2_592_000;
const MOST_STARS = 10_000;
const PAGE = 100;

function readInvoice(params: Params): Invoice & { description: string } {
  const [title, description, payload] = ['title', 'description', 'payload'].map((name) => params.needText(name));
  if (!title || title.length > 32) throw badRequest('INVOICE_TITLE_INVALID');
  if (!description || description.length > 255) throw badRequest('INVOICE_DESCRIPTION_INVALID');
  if (!payload || Buffer.byteLength(payload) > 128) throw badRequest('INVOICE_PAYLOAD_INVALID');
  const currency = params.needText('currency');
  const prices = params.json('prices');
  if (!Array.isArray(prices) || prices.length === 0) throw badRequest('prices must be a non-empty Array');
  const amounts = (prices as { label?: unknown; amount?: unknown }[]).map(({ label, amount }) => {
    if (typeof label !== 'string' || label === '' || !Number.isInteger(amount)) throw badRequest('PRICE_INVALID');
    return Number(amount);
  });
  const amount = amounts.reduce((sum, each) => sum + each, 0);
  if (currency !== 'XTR') {
    if (!params.text('provider_token')) throw badRequest('PAYMENT_PROVIDER_INVALID');
    if (!/^[A-Z]{3}$/.test(currency)) throw badRequest('CURRENCY_INVALID');
  } else if (params.text('provider_token')) throw badRequest('STARS_INVOICE_INVALID');
  else if (amounts.length !== 1) throw badRequest('STARS_INVOICE_INVALID');
  if (amount < 1 || (currency === 'XTR' && amount > MOST_STARS)) throw badRequest('CURRENCY_TOTAL_AMOUNT_INVALID');
  return { title, description, payload, currency, amount };
}

const sendInvoice: Method = ({ context, bot, params }) => {
  const chatId = params.needNumber('chat_id');
  const { description, ...invoice } = readInvoice(params);
  const { title, currency, amount } = invoice;
  const markup = readMarkup(params, true) ?? {
    inline_keyboard: [[{ text: `Pay ${amount} ${currency}`, pay: true }]],
  };
  const chat = openChat(context, bot, chatId);
  context.buckets.take(bot.info.id, chatId);
  const shown = { title, description, currency, total_amount: amount };
  const message = addMessage(context, bot, chat, bot.info, { invoice: shown, reply_markup: markup });
  chat.invoices.set(message.message_id, invoice);
  return message;
};

const createInvoiceLink: Method = ({ bot, params }) => {
  const { description: _, ...invoice } = readInvoice(params);
  const period = params.number('subscription_period');
  if (period !== undefined && (period !== MONTH_SECONDS || invoice.currency !== 'XTR')) {
    throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
  }
  const link = `https://t.me/$${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  bot.links.set(link, { ...invoice, ...(period !== undefined && { subscriptionPeriod: period }) });
  return link;
};

const answerPreCheckoutQuery: Method = ({ context, bot, params }) => {
  const id = params.needText('pre_checkout_query_id');
  const ok = params.flag('ok');
  const error = params.text('error_message');
  if (!ok && !error) throw badRequest('parameter "error_message" is required');
  const query = bot.checkouts.get(id);
  if (!query || query.deadline < context.now()) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  bot.checkouts.delete(id);
  query.answer(ok, error);
  return true;
};

const refundStarPayment: Method = ({ context, bot, params }) => {
  const charge = bot.charges.get(params.needText('telegram_payment_charge_id'));
  if (!charge || charge.person.id !== params.needNumber('user_id') || charge.invoice.currency !== 'XTR') {
    throw badRequest('CHARGE_ID_INVALID');
  }
  if (charge.isRefunded) throw badRequest('CHARGE_ALREADY_REFUNDED');
  const { id, person, invoice } = charge;
  if (bot.stars < invoice.amount) throw badRequest('BALANCE_TOO_LOW');
  charge.isRefunded = true;
  bot.stars -= invoice.amount;
  person.stars += invoice.amount;
  const partner = { type: 'user', transaction_type: 'invoice_payment', user: { id: person.id } };
  bot.transactions.push({ id, amount: invoice.amount, date: seconds(context), receiver: partner });
  const chat = bot.chats.get(person.id);
  if (!chat) return true;
  const refunded_payment = {
    ...{ currency: 'XTR', total_amount: invoice.amount, invoice_payload: invoice.payload },
    telegram_payment_charge_id: id,
  };
  const message = addMessage(context, bot, chat, bot.info, { refunded_payment });
  context.emit(bot, 'message', message, String(person.id));
  return true;
};

const editUserStarSubscription: Method = ({ bot, params }) => {
  const charge = bot.charges.get(params.needText('telegram_payment_charge_id'));
  if (charge?.person.id !== params.needNumber('user_id') || charge.paidUntil === undefined || charge.first) {
    throw badRequest('CHARGE_ID_INVALID');
  }
  charge.isCanceled = params.flag('is_canceled');
  return true;
};

const getStarTransactions: Method = ({ bot, params }) => {
  const offset = params.number('offset') ?? 0;
  const limit = params.number('limit') ?? PAGE;
  if (offset < 0 || limit < 1 || limit > PAGE) throw badRequest('offset or limit is invalid');
  return { transactions: bot.transactions.slice(offset, offset + limit) };
};

export const paymentMethods: Record<string, Method> = {
  ...{ sendInvoice, createInvoiceLink, answerPreCheckoutQuery, refundStarPayment, editUserStarSubscription },
  ...{ getStarTransactions, getMyStarBalance: ({ bot }) => ({ amount: bot.stars }) },
};
