import type { Language } from '../../../platform/kernel/problem.ts';
import { plain } from '../../messages/telegram/index.ts';
import { changeUser } from '../people/change-user.ts';
import type { Talk } from '../updates/contract.ts';
import { answerWith } from './say.ts';
import { words } from './words.ts';

const names: Record<Language, string> = { ru: 'Русский', en: 'English' };

export const askLanguage = (talk: Talk): Promise<void> =>
  answerWith(talk, ({ askLanguage: question }) => question, [
    Object.entries(names).map(([language, text]) => ({ text, data: `bot:language:${language}` })),
  ]);

/** From then on Telegram's language does not count. */
export function setLanguage(talk: Talk, asked: string): Promise<void> {
  const language: Language = asked === 'en' ? 'en' : 'ru';
  return talk.conclude(async (tx) => {
    await changeUser(tx, talk.user.id, { language, languageChosen: true });
    await talk.say(tx, 'answer', { kind: 'text', text: plain(words[language].languageSet) });
  });
}
