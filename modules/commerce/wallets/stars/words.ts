/** Why a payment may not go on. */
export type CheckoutRefusal = 'closed' | 'unknown' | 'not-yours' | 'paid' | 'stale' | 'price';

/** What the person reads in the dialog of the payment. */
export const checkoutWords: Record<CheckoutRefusal, Record<'ru' | 'en', string>> = {
  closed: {
    ru: 'Сейчас оплата недоступна. Деньги не списаны.',
    en: 'Payment is not available at the moment. You have not been charged.',
  },
  unknown: {
    ru: 'Этот счёт больше не действует. Запросите новый командой /buy.',
    en: 'This invoice is no longer valid. Ask for a new one with /buy.',
  },
  'not-yours': {
    ru: 'Этот счёт выставлен другому человеку. Откройте бота и запросите свой командой /buy.',
    en: 'This invoice is for somebody else. Open the bot and ask for your own with /buy.',
  },
  paid: {
    ru: 'Этот счёт уже оплачен. Чтобы купить ещё, отправьте /buy.',
    en: 'This invoice is already paid. Send /buy to buy more.',
  },
  stale: {
    ru: 'Этот счёт устарел. Запросите новый командой /buy.',
    en: 'This invoice is out of date. Ask for a new one with /buy.',
  },
  price: {
    ru: 'Цена изменилась. Запросите новый счёт командой /buy.',
    en: 'The price has changed. Ask for a new invoice with /buy.',
  },
};
