import { badRequest, forbidden, TelegramRefusal } from './refusal.ts';
import type { BotChat, ChatInfo, Context, Person, PersonInfo, TelegramBot, TelegramMessage } from './state.ts';
import { seconds } from './state.ts';

/** @throws TelegramRefusal when the bot may not write there */
export function openChat(context: Context, bot: TelegramBot, chatId: number): BotChat {
  const chat = bot.chats.get(chatId);
  const person = context.people.get(chatId);
  if (person?.isGone) throw forbidden('user is deactivated');
  if (!chat) throw person ? forbidden("bot can't initiate conversation with a user") : badRequest('chat not found');
  if (chat.movedTo !== undefined) {
    throw new TelegramRefusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
      migrate_to_chat_id: chat.movedTo,
    });
  }
  if (chat.isClosed) {
    throw forbidden(
      chat.info.type === 'private' ? 'bot was blocked by the user' : `bot was kicked from the ${chat.info.type} chat`,
    );
  }
  return chat;
}

export function newChat(info: ChatInfo): BotChat {
  return { info, messages: [], isClosed: false, invoices: new Map() };
}

/** Adds a message and shows it. */
export function addMessage(
  context: Context,
  bot: TelegramBot,
  chat: BotChat,
  from: PersonInfo,
  content: Partial<TelegramMessage>,
): TelegramMessage {
  const message: TelegramMessage = {
    ...{ message_id: bot.nextMessageId++, date: seconds(context), chat: chat.info, from },
    ...content,
  };
  chat.messages.push(message);
  if (from.is_bot) delete chat.draft;
  context.changed();
  return message;
}

/** A message of the bot that may be changed. @throws TelegramRefusal 400 */
export function findOwn(chat: BotChat, bot: TelegramBot, messageId: number, action: string): TelegramMessage {
  const message = chat.messages.find(({ message_id }) => message_id === messageId);
  if (!message) throw badRequest(`message to ${action} not found`);
  if (message.from.id !== bot.info.id) throw badRequest(`message can't be ${action}ed`);
  return message;
}

/** What others see of a person. */
export const asPerson = ({ id, is_bot, first_name, username, language_code }: Person): PersonInfo => ({
  ...{ id, is_bot, first_name },
  ...(username !== undefined && { username }),
  ...(language_code !== undefined && { language_code }),
});
