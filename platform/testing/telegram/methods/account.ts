import { badRequest } from '../refusal.ts';
import type { Call, Method } from './contract.ts';

const getMe: Method = ({ bot }) => ({
  ...bot.info,
  ...{ can_join_groups: true, can_read_all_group_messages: false, supports_inline_queries: false },
});

const scopeOf = ({ params }: Call) =>
  JSON.stringify([params.json('scope') ?? { type: 'default' }, params.text('language_code') ?? '']);

const setMyCommands: Method = (call) => {
  const commands = call.params.json('commands');
  if (!Array.isArray(commands) || commands.length > 100) throw badRequest('BOT_COMMANDS_INVALID');
  for (const { command, description } of commands as Record<string, unknown>[]) {
    if (typeof command !== 'string' || !/^\/?[a-z0-9_]{1,32}$/.test(command)) throw badRequest('BOT_COMMAND_INVALID');
    if (typeof description !== 'string' || description === '' || description.length > 256) {
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
  }
  call.bot.commands.set(scopeOf(call), commands);
  return true;
};

const getChat: Method = ({ bot, params }) => {
  const chat = bot.chats.get(params.needNumber('chat_id'));
  if (!chat) throw badRequest('chat not found');
  return chat.info;
};

const setText =
  (name: string, most: number): Method =>
  ({ params }) => {
    if ((params.text(name) ?? '').length > most) throw badRequest(`${name} is too long`);
    return true;
  };

export const accountMethods: Record<string, Method> = {
  ...{ getMe, setMyCommands, getChat },
  getMyCommands: (call) => call.bot.commands.get(scopeOf(call)) ?? [],
  deleteMyCommands: (call) => call.bot.commands.delete(scopeOf(call)) || true,
  setMyDescription: setText('description', 512),
  setMyShortDescription: setText('short_description', 120),
  setMyName: setText('name', 64),
  setChatMenuButton: () => true,
};
