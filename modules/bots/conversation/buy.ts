import { createOrder, offers, packWords, subscriptionLink } from '../../commerce/wallets/index.ts';
import { type Keyboard, plain } from '../../messages/telegram/index.ts';
import type { Talk } from '../updates/contract.ts';
import { answerWith } from './say.ts';
import { words } from './words.ts';

/** Packs as buttons; a press on one sends its invoice. */
export function sellPacks(talk: Talk, packId: string): Promise<void> {
  const { bot, skills, user } = talk;
  const own = words[user.language];
  const units = new Set<string>(skills.flatMap(({ unit }) => unit ?? []));
  const offered = offers(bot).filter(({ unit }) => units.has(unit));
  const pack = offered.find(({ id }) => id === packId);
  if (pack) return sendInvoice(talk, pack.id);
  if (offered.length === 0) return answerWith(talk, ({ nothingSold }) => nothingSold);
  const keyboard: Keyboard = offered.map((each) => [
    { text: `${packWords(each, user.language).title} — ${each.stars} ⭐`, data: `bot:buy:${each.id}` },
  ]);
  return answerWith(talk, () => own.choosePack, keyboard);
}

async function sendInvoice(talk: Talk, packId: string): Promise<void> {
  const { bot, user, event } = talk;
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
  await talk.conclude((tx) =>
    talk.say(tx, 'answer', {
      ...{ kind: 'invoice', title, description, payload: order.id, stars: order.stars, label: title },
    }),
  );
}
