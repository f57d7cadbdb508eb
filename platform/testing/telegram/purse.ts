import { asPerson } from './chats.ts';
import { pay, takeMoney } from './pay.ts';
import type { BotChat, Context, Person, TelegramBot } from './state.ts';
import type { TelegramUser } from './telegram-user.ts';

/** What a person does with money. @param open the chat with the bot */
export function createPurse(
  context: Context,
  bot: TelegramBot,
  person: Person,
  open: () => BotChat,
): Pick<TelegramUser, 'pay' | 'renew' | 'cancelSubscription'> {
  return {
    async pay(which) {
      const chat = open();
      const newest = [...chat.invoices.keys()].at(-1);
      const invoice = typeof which === 'string' ? bot.links.get(which) : chat.invoices.get(which ?? newest ?? 0);
      if (!invoice) throw new Error('Pay invoice: there is none');
      return pay(context, bot, chat, person, invoice);
    },
    renew(chargeId) {
      const charge = bot.charges.get(chargeId);
      if (!charge?.paidUntil) throw new Error('Renew subscription: there is none');
      if ((charge.first ?? charge).isCanceled) return undefined;
      if (person.stars < charge.invoice.amount) {
        const { payload: invoice_payload } = charge.invoice;
        context.emit(
          bot,
          'subscription',
          { user: asPerson(person), invoice_payload, state: 'failed' },
          String(person.id),
        );
        return undefined;
      }
      return takeMoney(context, bot, open(), person, charge.invoice, charge);
    },
    cancelSubscription(chargeId, state = 'canceled') {
      const charge = bot.charges.get(chargeId);
      if (!charge?.paidUntil) throw new Error('Cancel subscription: there is none');
      (charge.first ?? charge).isCanceled = state === 'canceled';
      const { payload: invoice_payload } = charge.invoice;
      context.emit(bot, 'subscription', { user: asPerson(person), invoice_payload, state }, String(person.id));
    },
  };
}
