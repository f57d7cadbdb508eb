/** Controls but tab and line feed, what steers the direction of text unseen, byte order marks, and characters that are none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/**
 * Text as documents can hold it: without controls, which no XML may contain, and without marks that could show a quote in another order than
 * it has. Line ends are `\n`; halves of characters become U+FFFD.
 */
export const printable = (text: string): string =>
  text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(UNPRINTABLE, '')
    .toWellFormed();

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LETTER = /\p{L}/u;

/** Whether a paragraph reads from right to left, by its first letter. */
export function isRightToLeft(text: string): boolean {
  const [first] = LETTER.exec(text) ?? [];
  return first !== undefined && RIGHT_TO_LEFT.test(first);
}

/** A piece of text in one direction. */
export interface DirectedText {
  text: string;
  isRightToLeft: boolean;
}

/** Pieces of a text by direction, in the order of reading; marks and spaces stay with the letters before them. */
export function directedPieces(text: string): DirectedText[] {
  const pieces: DirectedText[] = [];
  for (const character of text) {
    const last = pieces.at(-1);
    const direction = LETTER.test(character) ? RIGHT_TO_LEFT.test(character) : last?.isRightToLeft;
    if (last && direction === last.isRightToLeft) last.text += character;
    else pieces.push({ text: character, isRightToLeft: direction ?? isRightToLeft(text) });
  }
  return pieces;
}
