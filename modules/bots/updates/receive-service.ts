import type { Transaction } from '../../../db/client.ts';
import { plain, sendInChat } from '../../messages/telegram/index.ts';
import type { Bot } from '../contract.ts';
import { words } from '../conversation/words.ts';
import { markBlocked } from '../people/change-user.ts';
import { languageOf } from '../people/open-user.ts';
import type { ChatDeps } from './contract.ts';
import type { OpenUpdate } from './open-updates.ts';
import { chatOf, personOf, typeOfChat, type Update } from './read-update.ts';
import { receivePayment } from './receive-payment.ts';

/** Does what an update means that no skill answers, in the transaction that closes it. */
export async function receiveService(
  deps: ChatDeps,
  tx: Transaction,
  bot: Bot,
  { update }: Pick<OpenUpdate, 'update'>,
): Promise<void> {
  const { my_chat_member: member } = update;
  if (typeOfChat(update) !== 'private') return sayOnlyPrivate(deps, tx, bot, update);
  if (await receivePayment(deps, tx, bot, update)) return;
  if (member) await markBlocked(tx, bot.id, String(member.chat.id), isOut(member.new_chat_member.status));
}

const isOut = (status: string) => status === 'kicked' || status === 'left';

/** Once in a group: bots speak with one person at a time. */
async function sayOnlyPrivate({ queue }: ChatDeps, tx: Transaction, bot: Bot, update: Update): Promise<void> {
  const { message, my_chat_member: member } = update;
  const isMeant = message?.text?.startsWith('/') || (member && !isOut(member.new_chat_member.status));
  const chatId = chatOf(update);
  if (!isMeant || chatId === undefined) return;
  const text = plain(words[languageOf(personOf(update)?.language_code)].onlyPrivate(bot.username));
  const { id: botId, organizationId } = bot;
  const saying = { botId, organizationId, chatId, occasion: `group:${chatId}`, step: 'private' };
  await sendInChat(tx, queue, { ...saying, action: { kind: 'text', text } });
}
