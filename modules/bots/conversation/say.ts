import type { Keyboard } from '../../messages/telegram/index.ts';
import { plain } from '../../messages/telegram/index.ts';
import type { Talk } from '../updates/contract.ts';
import { words } from './words.ts';

/** Says something in the person's language, and is done with the update. */
export const answerWith = (
  talk: Talk,
  textOf: (own: (typeof words)['ru']) => string,
  keyboard?: Keyboard,
): Promise<void> =>
  talk.conclude((tx) =>
    talk.say(tx, 'answer', {
      ...{ kind: 'text', text: plain(textOf(words[talk.user.language])) },
      ...(keyboard && { keyboard }),
    }),
  );
