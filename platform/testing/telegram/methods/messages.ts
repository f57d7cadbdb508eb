import { isDeepStrictEqual } from 'node:util';
import { addMessage, findOwn, openChat } from '../chats.ts';
import { readFormatted } from '../check-text.ts';
import { type Markup, readMarkup } from '../keyboard.ts';
import { badRequest } from '../refusal.ts';
import { seconds, type TelegramMessage } from '../state.ts';
import type { Call, Method } from './contract.ts';

const ACTIONS = new Set([
  ...['typing', 'upload_photo', 'record_video', 'upload_video', 'record_voice', 'upload_voice', 'upload_document'],
  ...['choose_sticker', 'find_location', 'record_video_note', 'upload_video_note'],
]);
const NOT_MODIFIED =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

const shown = (entities: TelegramMessage['entities'], name: 'entities' | 'caption_entities') =>
  entities && entities.length > 0 ? { [name]: entities } : {};
const withMarkup = (markup: Markup | undefined) => (markup ? { reply_markup: markup } : {});

function sendMessage({ context, bot, params }: Call): TelegramMessage {
  const chatId = params.needNumber('chat_id');
  const { text, entities } = readFormatted(params, 'text');
  if (text === '') throw badRequest('message text is empty');
  const markup = readMarkup(params);
  const chat = openChat(context, bot, chatId);
  context.buckets.take(bot.info.id, chatId);
  return addMessage(context, bot, chat, bot.info, { text, ...shown(entities, 'entities'), ...withMarkup(markup) });
}

/** Finds a message of the bot and changes it. @throws TelegramRefusal 400 when nothing would change */
export function edit(call: Call, change: (message: TelegramMessage) => Partial<TelegramMessage>): TelegramMessage {
  const { context, bot, params } = call;
  const chatId = params.needNumber('chat_id');
  const messageId = params.needNumber('message_id');
  const chat = openChat(context, bot, chatId);
  context.buckets.take(bot.info.id, chatId);
  const message = findOwn(chat, bot, messageId, 'edit');
  const { edit_date: _, ...before } = message;
  const { message_id, date, chat: info, from } = message;
  const after = { message_id, date, chat: info, from, ...change(message) } as TelegramMessage;
  if (isDeepStrictEqual(JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(after)))) {
    throw badRequest(NOT_MODIFIED);
  }
  const edited = { ...after, edit_date: seconds(context) };
  chat.messages[chat.messages.indexOf(message)] = edited;
  context.changed();
  return edited;
}

const editMessageText: Method = (call) => {
  const { text, entities } = readFormatted(call.params, 'text');
  if (text === '') throw badRequest('message text is empty');
  const markup = readMarkup(call.params);
  return edit(call, (message) => {
    if (message.text === undefined) throw badRequest('there is no text in the message to edit');
    return { text, ...shown(entities, 'entities'), ...withMarkup(markup) };
  });
};

const editMessageCaption: Method = (call) => {
  const { text, entities } = readFormatted(call.params, 'caption');
  const markup = readMarkup(call.params);
  return edit(call, (message) => {
    const { photo, document } = message;
    if (!photo && !document) throw badRequest('there is no caption in the message to edit');
    const media = { ...(photo && { photo }), ...(document && { document }) };
    return { ...media, ...(text && { caption: text }), ...shown(entities, 'caption_entities'), ...withMarkup(markup) };
  });
};

const editMessageReplyMarkup: Method = (call) => {
  const markup = readMarkup(call.params);
  return edit(call, ({ reply_markup: _, edit_date: __, ...rest }) => ({ ...rest, ...withMarkup(markup) }));
};

function remove({ context, bot, params }: Call, ids: number[], isStrict: boolean): true {
  const chat = openChat(context, bot, params.needNumber('chat_id'));
  for (const id of ids) {
    const at = chat.messages.findIndex(({ message_id }) => message_id === id);
    if (at === -1 && isStrict) throw badRequest('message to delete not found');
    if (at !== -1) chat.messages.splice(at, 1);
  }
  context.changed();
  return true;
}

const deleteMessages: Method = (call) => {
  const ids = call.params.json('message_ids');
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 100) throw badRequest('message identifiers are invalid');
  return remove(call, ids.map(Number), false);
};

const sendChatAction: Method = ({ context, bot, params }) => {
  openChat(context, bot, params.needNumber('chat_id'));
  if (!ACTIONS.has(params.needText('action'))) throw badRequest('wrong parameter action in request');
  return true;
};

const sendMessageDraft: Method = ({ context, bot, params }) => {
  const chatId = params.needNumber('chat_id');
  const id = params.needNumber('draft_id');
  const { text } = readFormatted(params, 'text');
  if (id === 0) throw badRequest('DRAFT_ID_INVALID');
  const chat = openChat(context, bot, chatId);
  if (chat.info.type !== 'private') throw badRequest('message drafts can be sent only to private chats');
  context.buckets.take(bot.info.id, chatId);
  chat.draft = { id, text, canStop: params.flag('can_stop'), until: context.now() + context.settings.draftMs };
  context.changed();
  return true;
};

const answerCallbackQuery: Method = ({ context, bot, params }) => {
  const id = params.needText('callback_query_id');
  const text = params.text('text');
  if (text !== undefined && text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  const query = bot.callbacks.get(id);
  if (!query || context.now() - query.at > context.settings.callbackAgeMs) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  bot.callbacks.delete(id);
  query.answer(text);
  return true;
};

export const messageMethods: Record<string, Method> = {
  ...{ sendMessage, editMessageText, editMessageCaption, editMessageReplyMarkup, deleteMessages },
  ...{ sendChatAction, sendMessageDraft, answerCallbackQuery },
  deleteMessage: (call) => remove(call, [call.params.needNumber('message_id')], true),
};
