import { cardOf, deck } from './cards.ts';
import { findCards, normalizeWords } from './find-cards.ts';

export interface ReadCard {
  card: number;
  isReversed: boolean;
}

/** What came of reading the cards that a person named. */
export type CardsRead =
  | { kind: 'cards'; cards: readonly ReadCard[] }
  | { kind: 'unknown'; words: string; nearest: readonly number[] }
  | { kind: 'twice'; card: number }
  | { kind: 'count'; found: number };

/** A misspelled name has at most so many wrong letters. */
const MOST_WRONG = 2;
const MOST_OFFERED = 3;
/** Of what a person wrote, as it is shown in an answer. */
const LONGEST_QUOTE = 60;

const SEPARATORS = /[,;\n\r•·/|+]+|\s+(?:и|and)\s+/iu;
/** A number in a list, as in `1. The Moon`. */
const LIST_NUMBER = /^\s*\d{1,2}\s*[.):]\s+(?=\p{L})/u;

const REVERSED =
  /(?<![a-zа-я])(?:перев|переверн[а-я]*|обратн[а-я]*|reversed?|rev|rx|inverted|upside down|вверх ногами)(?![a-zа-я])/g;

/**
 * The cards that a person names for a spread of `count`: in any case and Russian case, with е for ё, other names of suits, numerals, and
 * `перевёрнутая` or `reversed` before or after. A misspelled name is never taken for a card: the nearest ones are offered.
 */
export function readCards(text: string, count: number): CardsRead {
  const cards: ReadCard[] = [];
  for (const part of text.split(SEPARATORS)) {
    const words = normalizeWords(part.replace(LIST_NUMBER, ''));
    if (words === '') continue;
    const named = readPart(words);
    if (named.length === 0) {
      const plain = words.replaceAll(REVERSED, '').replaceAll(/ +/g, ' ').trim();
      if (plain === '' && cards.length > 0) {
        // As in `The Moon, reversed`.
        const last = cards.pop() as ReadCard;
        cards.push({ ...last, isReversed: true });
        continue;
      }
      return { kind: 'unknown', words: part.trim().slice(0, LONGEST_QUOTE), nearest: nearestTo(plain) };
    }
    cards.push(...named);
  }
  const seen = new Set<number>();
  for (const { card } of cards) {
    if (seen.has(card)) return { kind: 'twice', card };
    seen.add(card);
  }
  return cards.length === count ? { kind: 'cards', cards } : { kind: 'count', found: cards.length };
}

function readPart(words: string): ReadCard[] {
  const byNumber = majorByNumber(words);
  const named = byNumber === undefined ? findCards(words) : [{ card: byNumber, start: 0, end: words.length }];
  const reversed = new Set<number>();
  for (const { index } of words.matchAll(REVERSED)) {
    // Of the card before it; the first one's may stand before it.
    const place = named.findLastIndex(({ start }) => start <= index);
    reversed.add(Math.max(place, 0));
  }
  return named.map(({ card }, place) => ({ card, isReversed: reversed.has(place) }));
}

const roman = [
  '0',
  'i',
  'ii',
  'iii',
  'iv',
  'v',
  'vi',
  'vii',
  'viii',
  'ix',
  'x',
  'xi',
  'xii',
  'xiii',
  'xiv',
  'xv',
].concat([...['xvi', 'xvii', 'xviii', 'xix', 'xx', 'xxi']]);

/** A card of the major arcana by its number: `XIII`, `аркан 13`, `arcana 13`; a plain number alone may mean anything. */
function majorByNumber(words: string): number | undefined {
  const plain = words.replaceAll(REVERSED, '').replaceAll(/ +/g, ' ').trim();
  const [, before, numeral, after] =
    /^((?:старш[а-я]+ |major )?(?:аркан[а-я]* |arcana |arcanum ))?(\d{1,2}|[ivx]+)( аркан[а-я]*)?$/.exec(plain) ?? [];
  if (numeral === undefined) return undefined;
  const isArabic = /\d/.test(numeral);
  if (isArabic && !before && !after) return undefined;
  const number = isArabic ? Number(numeral) : roman.indexOf(numeral);
  return number >= 0 && number <= 21 ? number : undefined;
}

/** Every name of every card, as people would write it. */
const allNames = deck.flatMap(({ id, names, aliases }) =>
  [names.en, names.ru, ...aliases].map((name) => ({ card: id, name: normalizeWords(name).replace(/^the /, '') })),
);

/** Cards whose name differs in so few letters, the nearest first. */
function nearestTo(words: string): number[] {
  const plain = words.replace(/^the /, '');
  const distances = new Map<number, number>();
  for (const { card, name } of allNames) {
    if (Math.abs(name.length - plain.length) > MOST_WRONG) continue;
    const distance = editDistance(plain, name);
    if (distance <= Math.min(MOST_WRONG, name.length - 1)) {
      distances.set(card, Math.min(distance, distances.get(card) ?? distance));
    }
  }
  return [...distances]
    .toSorted(([a, first], [b, second]) => first - second || a - b)
    .slice(0, MOST_OFFERED)
    .map(([card]) => cardOf(card).id);
}

/** Letters to insert, remove or replace; two neighbours that changed places count as one. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)]);
  for (let j = 0; j <= b.length; j += 1) (rows[0] as number[])[j] = j;
  const at = (i: number, j: number) => rows[i]?.[j] as number;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost);
      (rows[i] as number[])[j] = isSwap ? Math.min(least, at(i - 2, j - 2) + 1) : least;
    }
  }
  return at(a.length, b.length);
}
