import { plain } from '../../messages/telegram/index.ts';
import { changeUser } from '../people/change-user.ts';
import type { Talk } from '../updates/contract.ts';
import { ownerOfButton } from '../updates/read-event.ts';
import { answerWith } from './say.ts';
import { words } from './words.ts';

/** What people of any age may do: read the rules and take away what is theirs. */
const OPEN = new Set(['help', 'language', 'delete', 'export', 'paysupport', 'terms']);

/** Whether the person has to say first that he or she is an adult. */
export function needsAge({ bot, user, event, update }: Talk): boolean {
  if (!bot.settings.adultsOnly || user.confirmedAdult) return false;
  if (event.type === 'command') return !OPEN.has(event.name);
  return event.type === 'text' || ownerOfButton(update) !== 'bot';
}

export const askAge = (talk: Talk): Promise<void> => {
  const { isAdult, isYounger } = words[talk.user.language];
  const keyboard = [[{ text: isAdult, data: 'bot:age:yes' }], [{ text: isYounger, data: 'bot:age:no' }]];
  return answerWith(talk, ({ askAge: question }) => question, keyboard);
};

export function answerAge(talk: Talk, answer: string): Promise<void> {
  const isAdult = answer === 'yes';
  const { thanksAdult, sorryYounger } = words[talk.user.language];
  return talk.conclude(async (tx) => {
    if (isAdult) await changeUser(tx, talk.user.id, { adultAt: new Date() });
    await talk.say(tx, 'answer', { kind: 'text', text: plain(isAdult ? thanksAdult : sorryYounger) });
  });
}
