import { endRenewals } from '../../commerce/wallets/index.ts';
import { FAREWELL, plain } from '../../messages/telegram/index.ts';
import { noteErasure } from '../../people/note-erasure-job.ts';
import { eraseUser } from '../people/erase-user.ts';
import type { Talk } from '../updates/contract.ts';
import { answerWith } from './say.ts';
import { words } from './words.ts';

export const askErase = (talk: Talk): Promise<void> => {
  const { erase, keep } = words[talk.user.language];
  const keyboard = [[{ text: erase, data: 'bot:erase:yes' }], [{ text: keep, data: 'bot:erase:no' }]];
  return answerWith(talk, ({ askErase: question }) => question, keyboard);
};

/**
 * Everything of the person goes at once; what is booked stays under an id without a person. Subscriptions come first: nothing could end
 * them once it is not known whose they are.
 */
export async function eraseAnswer(talk: Talk, answer: string): Promise<void> {
  if (answer !== 'yes') return answerWith(talk, ({ kept }) => kept);
  const { user, allSkills, queue } = talk;
  await endRenewals(talk, user);
  return talk.transaction(async (tx) => {
    // Those, too, that the bot had before.
    for (const skill of allSkills) await skill.erase?.(tx, user);
    // First, since this very update tells of the chat as well.
    await talk.finish(tx);
    await eraseUser(tx, user);
    await noteErasure(tx, queue, { person: 'bot-user', id: user.id });
    await talk.say(tx, FAREWELL, { kind: 'text', text: plain(words[user.language].erased) });
  });
}
