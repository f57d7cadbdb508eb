import type { ChatEvent } from '../contract.ts';
import type { Update } from './read-update.ts';

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@\w+)?(?:\s+([\s\S]*))?$/i;

/** What a person did in a private chat; undefined for what says nothing to a skill. */
export function readEvent({ message, callback_query: pressed }: Update): ChatEvent | undefined {
  if (pressed) {
    const [, action = '', argument = ''] = /^[^:]*:([^:]*):?([\s\S]*)$/.exec(pressed.data ?? '') ?? [];
    return { type: 'button', action, argument, messageId: pressed.message?.message_id ?? 0 };
  }
  const text = message?.text?.trim();
  if (!text) return undefined;
  const [, name, argument = ''] = COMMAND.exec(text) ?? [];
  return name === undefined
    ? { type: 'text', text }
    : { type: 'command', name: name.toLowerCase(), argument: argument.trim() };
}

/** The skill, or `bot` itself, whose button was pressed. */
export const ownerOfButton = ({ callback_query: pressed }: Update): string | undefined =>
  pressed?.data?.split(':', 1)[0];
