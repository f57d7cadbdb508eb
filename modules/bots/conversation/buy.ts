import type { Language } from '../../../platform/kernel/problem.ts';
import { createOrder, type Offer, offers, packWords, subscriptionLink } from '../../commerce/wallets/index.ts';
import { amountsIn } from '../../messages/amounts.ts';
import { type Keyboard, plain } from '../../messages/telegram/index.ts';
import type { Talk } from '../updates/contract.ts';
import { answerWith } from './say.ts';
import { words } from './words.ts';

/** Packs as buttons; a press on one sends its invoice. */
export function sellPacks(talk: Talk, packId: string): Promise<void> {
  const { bot, skills, user, orderLink } = talk;
  const own = words[user.language];
  const units = new Set<string>(skills.flatMap(({ unit }) => unit ?? []));
  const offered = offers(bot).filter(({ unit }) => units.has(unit));
  const pack = offered.find(({ id }) => id === packId);
  if (pack) return sendInvoice(talk, pack.id);
  if (offered.length === 0) return answerWith(talk, ({ nothingSold }) => nothingSold);
  const keyboard: Keyboard = offered.map((each) => {
    const { title } = packWords(each, user.language);
    const price = orderLink.isOpen ? priceOf(each, user.language) : undefined;
    const prices = [`${each.stars} ⭐`, ...(price === undefined ? [] : [price])].join(' / ');
    return [{ text: `${title} — ${prices}`, data: `bot:buy:${each.id}` }];
  });
  return answerWith(talk, () => own.choosePack(orderLink.isOpen), keyboard);
}

const amounts = { ru: amountsIn('ru-RU'), en: amountsIn('en-GB') };

const priceOf = ({ price, monthly }: Offer, language: Language) =>
  price === undefined || monthly ? undefined : amounts[language].price(price);

async function sendInvoice(talk: Talk, packId: string): Promise<void> {
  const { bot, user, event, orderLink } = talk;
  // The same button of the same message is the same wish, however often it is pressed.
  const attempt = event.type === 'button' ? `${event.messageId}:${packId}` : talk.occasion;
  const order = await talk.transaction((tx) => createOrder(tx, { bot, walletId: user.walletId, packId, attempt }));
  const { title, description } = packWords(order, user.language);
  if (order.monthly) {
    // Telegram sells subscriptions by links alone.
    const url = await subscriptionLink(await talk.client(), order, user.language);
    const keyboard = [[{ text: `${title} — ${order.stars} ⭐`, url }]];
    return talk.conclude((tx) => talk.say(tx, 'answer', { kind: 'text', text: plain(description), keyboard }));
  }
  const url = orderLink.of(order);
  await talk.conclude(async (tx) => {
    await talk.say(tx, 'answer', {
      ...{ kind: 'invoice', title, description, payload: order.id, stars: order.stars, label: title },
    });
    if (url === undefined || order.price === null) return;
    const { orRoubles, payRoubles } = words[user.language];
    const keyboard = [[{ text: payRoubles(amounts[user.language].price(order.price)), url }]];
    await talk.say(tx, 'roubles', { kind: 'text', text: plain(orRoubles), keyboard });
  });
}
