import { setTimeout as sleep } from 'node:timers/promises';
import { addMessage, asPerson, newChat } from './chats.ts';
import { showFile, storeFile } from './methods/media.ts';
import { createPurse } from './purse.ts';
import type { BotChat, ChatInfo, Context, InlineButton, Person, TelegramBot, TelegramMessage } from './state.ts';
import type { TelegramUser } from './telegram-user.ts';

const contentOf = ({ text, caption }: TelegramMessage) => text ?? caption ?? '';

export function createUser(
  context: Context,
  bot: TelegramBot,
  person: Person,
  waitUntil: (isSo: () => boolean, timeoutMs: number) => Promise<boolean>,
  group?: ChatInfo,
): TelegramUser {
  const info: ChatInfo = group ?? { id: person.id, type: 'private', first_name: person.first_name };
  const line = String(info.id);
  const open = (): BotChat => {
    const chat = bot.chats.get(info.id) ?? newChat(info);
    bot.chats.set(info.id, chat);
    return chat;
  };
  const tell = (content: Partial<TelegramMessage>): number => {
    const message = addMessage(context, bot, open(), asPerson(person), content);
    context.emit(bot, 'message', message, line);
    return message.message_id;
  };
  const setMembership = (from: string, to: string) => {
    const member = (status: string) => ({ status, user: bot.info, ...(status === 'kicked' && { until_date: 0 }) });
    open().isClosed = to === 'kicked';
    const date = Math.floor(context.now() / 1000);
    const change = { chat: info, from: asPerson(person), date };
    const members = { old_chat_member: member(from), new_chat_member: member(to) };
    context.emit(bot, 'my_chat_member', { ...change, ...members }, line);
  };
  const messages = (of: 'bot' | 'all' = 'bot') =>
    open().messages.filter(({ from }) => of === 'all' || from.id === bot.info.id);
  const findButton = (wanted: string, messageId?: number): [TelegramMessage, InlineButton] => {
    for (const message of messages().toReversed()) {
      if (messageId !== undefined && message.message_id !== messageId) continue;
      const button = message.reply_markup?.inline_keyboard
        .flat()
        .find(({ text, callback_data }) => text === wanted || callback_data === wanted);
      if (button) return [message, button];
    }
    throw new Error(`Press button "${wanted}": no message has it`);
  };

  const user: TelegramUser = {
    id: person.id,
    name: person.first_name,
    get stars() {
      return person.stars;
    },
    set stars(stars) {
      person.stars = stars;
    },
    send(text) {
      const [command] = /^\/[A-Za-z0-9_]{1,32}(@\w+)?/.exec(text) ?? [];
      const entities = command ? { entities: [{ type: 'bot_command', offset: 0, length: command.length }] } : {};
      return tell({ text, ...entities });
    },
    sendPhoto(bytes, caption) {
      return tell({ ...showFile(storeFile(bot, 'photo', 'photo.jpg', bytes)), ...(caption && { caption }) });
    },
    async press(wanted, messageId) {
      const [message, button] = findButton(wanted, messageId);
      if (button.url) return button.url;
      if (button.pay) {
        const paid = await user.pay(message.message_id);
        return paid.ok ? undefined : paid.error;
      }
      const id = String(context.nextId());
      const answered = new Promise<string | undefined>((resolve) => {
        bot.callbacks.set(id, { at: context.now(), answer: resolve });
        void sleep(context.settings.callbackAgeMs, undefined, { ref: false }).then(() => resolve(undefined));
      });
      const query = { id, from: asPerson(person), message, chat_instance: line, data: button.callback_data };
      context.emit(bot, 'callback_query', query, line);
      return answered;
    },
    ...createPurse(context, bot, person, open),
    stop() {
      const { draft } = open();
      if (!draft?.canStop || draft.until < context.now()) throw new Error('Stop draft: it has no button');
      context.emit(bot, 'stopped_message_generation', { chat: info, draft_id: draft.id }, line);
    },
    block: () => setMembership('member', 'kicked'),
    unblock: () => setMembership('kicked', 'member'),
    remove(messageId) {
      const chat = open();
      chat.messages = chat.messages.filter(({ message_id }) => message_id !== messageId);
    },
    leave() {
      person.isGone = true;
    },
    messages,
    draft() {
      const { draft } = open();
      return draft && draft.until >= context.now() ? draft.text : undefined;
    },
    async waitFor(match, { timeoutMs = 10_000, after = 0 } = {}) {
      const test = (message: TelegramMessage) => {
        if (typeof match === 'function') return match(message);
        return typeof match === 'string' ? contentOf(message).includes(match) : match.test(contentOf(message));
      };
      const find = () => messages().findLast((message) => message.message_id > after && test(message));
      if (!(await waitUntil(() => find() !== undefined, timeoutMs))) {
        const seen = messages().map((message) => JSON.stringify(contentOf(message).slice(0, 200)));
        throw new Error(`Wait for message ${String(match)}: there are ${seen.join(', ') || 'none'}`);
      }
      return find() as TelegramMessage;
    },
  };
  return user;
}
