import { plain } from '../../messages/telegram/index.ts';
import { eraseUser } from '../people/erase-user.ts';
import type { Talk } from '../updates/contract.ts';
import { answerWith } from './say.ts';
import { words } from './words.ts';

export const askErase = (talk: Talk): Promise<void> => {
  const { erase, keep } = words[talk.user.language];
  const keyboard = [[{ text: erase, data: 'bot:erase:yes' }], [{ text: keep, data: 'bot:erase:no' }]];
  return answerWith(talk, ({ askErase: question }) => question, keyboard);
};

/** Everything of the person goes at once; what is booked stays under an id without a person. */
export function eraseAnswer(talk: Talk, answer: string): Promise<void> {
  if (answer !== 'yes') return answerWith(talk, ({ kept }) => kept);
  return talk.transaction(async (tx) => {
    for (const skill of talk.skills) await skill.erase?.(tx, talk.user);
    // First, since this very update tells of the chat as well.
    await talk.finish(tx);
    await eraseUser(tx, talk.user);
    await talk.say(tx, 'answer', { kind: 'text', text: plain(words[talk.user.language].erased) });
  });
}
