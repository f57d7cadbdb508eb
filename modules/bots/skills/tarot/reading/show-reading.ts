import type { Language } from '../../../../../platform/kernel/problem.ts';
import { bold, italic, join, type Keyboard, plain, quote, type RichText } from '../../../../messages/telegram/index.ts';
import { words } from '../words.ts';
import type { Layout } from './contract.ts';
import { nameOf } from './show-cards.ts';

/** The spread with its cards, as it stands above their interpretation. */
export function showLayout({ spread, cards, question, language }: Layout): RichText {
  const { position } = words[language];
  const lines = cards.map((card, place) =>
    plain(position(spread.positions[place]?.name[language] ?? '', nameOf(card, language))),
  );
  const asked = question === '' ? [] : [quote(question)];
  return join([bold(spread.title[language]), ...asked, join(lines, '\n')], '\n');
}

/** A reading with the line that says what it is; `note` tells what is special about it. */
export function showReading(layout: Layout, answer: string, note?: string): RichText {
  const { entertainment } = words[layout.language];
  const notes = note === undefined ? [] : [italic(note)];
  return join([showLayout(layout), answer, ...notes, italic(entertainment)], '\n\n');
}

export const nextKeyboard = (language: Language): Keyboard => [
  [{ text: words[language].menuButton, data: 'tarot:menu' }],
];
