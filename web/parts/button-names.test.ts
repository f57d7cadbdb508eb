import { expect, it } from 'vitest';
import { words as bots } from '../screens/bots/words.ts';
import { words as documents } from '../screens/documents/words.ts';
import { words as images } from '../screens/images/words.ts';
import { words as invoices } from '../screens/invoices/words.ts';
import { words as keys } from '../screens/keys/words.ts';
import { words as people } from '../screens/people/words.ts';

/*
 * Buttons that stand in each row have longer names for screen readers. The text that is seen is a part of them: who speaks to
 * the machine says what they see (WCAG 2.5.3).
 */
type Named = [text: string, name: string];

const namesIn = (language: 'en' | 'ru'): Named[] => [
  [invoices[language].pay, invoices[language].payNumber('2026-000001')],
  [invoices[language].pdf, invoices[language].download('2026-000001')],
  [bots[language].stop, bots[language].stopNamed('bot')],
  [bots[language].start, bots[language].startNamed('bot')],
  [bots[language].newToken, bots[language].newTokenFor('bot')],
  [bots[language].link, bots[language].linkNamed('bot')],
  [bots[language].remove, bots[language].removeNamed('bot')],
  [images[language].cancel, images[language].cancelNamed('fox')],
  [images[language].remove, images[language].removeNamed('fox')],
  [images[language].save, images[language].saveNamed('fox')],
  [documents[language].retry, documents[language].retryNamed('Lease')],
  [keys[language].revoke, keys[language].revokeNamed('CI')],
  [people[language].remove, people[language].removePerson('anna@example.com')],
  [people[language].withdraw, people[language].withdrawFor('anna@example.com')],
];

it.each(['en', 'ru'] as const)('contain what is seen on the button, in %s', (language) => {
  expect(namesIn(language).filter(([text, name]) => !name.includes(text))).toEqual([]);
});
