import { majors } from './majors.ts';
import { ranks } from './ranks.ts';
import { suits } from './suits.ts';

/** A card that a text names, by the words that name it. */
export interface NamedCard {
  card: number;
  /** In the normalized text. */
  start: number;
  end: number;
}

/** Lower case, `е` for `ё`, and words with one space between them; a bracketed `(R)` becomes `rx`. */
export const normalizeWords = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/\(\s*[rр]\s*\)/g, ' rx ')
    .replaceAll(/[^a-zа-я0-9]+/g, ' ')
    .trim();

/** Endings of Russian nouns and adjectives in all cases. */
const ENDING =
  '(?:|а|я|у|ю|ом|ем|е|ы|и|ь|й|о|ой|ей|ов|ев|ью|ам|ям|ами|ями|ах|ях|ая|ую|яя|юю|ое|ее|ого|его|ому|ему|ый|ий|ые|ие|ых|их|ым|им|ыми|ими|ен)';

const oneOf = (patterns: readonly string[], name: string) =>
  `(?<${name}>${patterns.join('|')})`.replaceAll('~', ENDING);

const namedRank = (order: string) =>
  `(?:${ranks.map(({ patterns, number }) => oneOf(patterns, `${order}r${number}`)).join('|')})`;
const namedSuit = (order: string) =>
  `(?:${suits.map(({ patterns }, index) => oneOf(patterns, `${order}s${index}`)).join('|')})`;

/** Ranks and suits in both orders before the major arcana; the groups that match say which. */
const anyCard = new RegExp(
  `(?<![a-zа-я0-9])(?:${[
    `${namedRank('a')} (?:of )?(?:the )?${namedSuit('a')}`,
    `${namedSuit('b')} ${namedRank('b')}`,
    ...majors.map(({ patterns, number }) => oneOf(patterns, `m${number}`)),
  ].join('|')})(?![a-zа-я0-9])`,
  'g',
);

function cardBy(groups: Record<string, string | undefined>): number {
  const [first = '', second = ''] = Object.keys(groups).filter((name) => groups[name] !== undefined);
  const [major, rank, suit] = [first.replace(/^m/, ''), ...[first, second].toSorted().map((name) => name.slice(2))];
  if (second === '') return Number(major);
  return majors.length + Number(suit) * ranks.length + Number(rank) - 1;
}

/**
 * Every card that a normalized text names, in order, in any Russian case. A word that is also an ordinary one, such as `мир`, counts as
 * a card.
 */
export const findCards = (words: string): NamedCard[] =>
  [...words.matchAll(anyCard)].map(({ 0: { length }, index, groups = {} }) => ({
    ...{ card: cardBy(groups), start: index, end: index + length },
  }));
