import { directedPieces } from './printable.ts';

/** A word with its look; `note` is set for the number of a note. */
export interface PdfWord {
  text: string;
  isBold: boolean;
  isRightToLeft: boolean;
  note?: number;
  /** Whether a space stands before it. */
  isSpaced: boolean;
  /** Whether a line ends before it. */
  isBroken: boolean;
}

/** A piece of text with one look. */
export interface PdfPiece {
  text: string;
  isBold?: boolean;
  /** For the number of a note. */
  note?: number;
}

/** Words by direction; line ends and spaces are kept as marks of the words after them. */
export function wordsOfPieces(pieces: readonly PdfPiece[]): PdfWord[] {
  const words: PdfWord[] = [];
  let [isSpaced, isBroken] = [false, false];
  for (const { text, isBold = false, note } of pieces) {
    for (const piece of directedPieces(text)) {
      for (const part of piece.text.split(/([\t\n ])/)) {
        if (part === '') continue;
        if (/^[\t\n ]$/.test(part)) {
          isSpaced = true;
          isBroken ||= part === '\n';
          continue;
        }
        const look = { isBold, isRightToLeft: piece.isRightToLeft, ...(note !== undefined && { note }) };
        words.push({ text: part, ...look, isSpaced, isBroken });
        [isSpaced, isBroken] = [false, false];
      }
    }
  }
  return words;
}

export interface PlacedWord extends PdfWord {
  /** Points from the left. */
  x: number;
}

/** Points that a word takes, and that a space does. */
export interface Measure {
  word(word: PdfWord): number;
  space: number;
}

/**
 * Breaks words into lines of a width and places them. Words from right to left that follow each other stand in reverse order; where the
 * whole text reads from right to left, so do its pieces, and lines end at the right edge. A word that is wider than a line is cut.
 */
export function layOutLines(
  words: readonly PdfWord[],
  { width, isRightToLeft, measure }: { width: number; isRightToLeft: boolean; measure: Measure },
): PlacedWord[][] {
  const lines: { words: PdfWord[]; width: number }[] = [];
  for (const word of words.flatMap((one) => cut(one, width, measure))) {
    const line = lines.at(-1);
    const wide = measure.word(word);
    const space = word.isSpaced && line?.words.length ? measure.space : 0;
    if (line && !word.isBroken && line.width + space + wide <= width) {
      line.words.push(word);
      line.width += space + wide;
    } else lines.push({ words: [{ ...word, isSpaced: false }], width: wide });
  }
  return lines.map((line) => place(line.words, isRightToLeft ? width - line.width : 0, isRightToLeft, measure));
}

function place(words: readonly PdfWord[], from: number, isRightToLeft: boolean, measure: Measure): PlacedWord[] {
  const runs: PdfWord[][] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.[0]?.isRightToLeft === word.isRightToLeft) last.push(word);
    else runs.push([word]);
  }
  const ordered = (isRightToLeft ? runs.toReversed() : runs).flatMap((run) =>
    run[0]?.isRightToLeft ? run.toReversed() : run,
  );
  const at = new Map(words.map((word, index) => [word, index]));
  let x = from;
  return ordered.map((word, index) => {
    const before = ordered[index - 1];
    // The space belongs to the later of two neighbours, wherever they have come to stand.
    const later = before && (at.get(before) ?? 0) > (at.get(word) ?? 0) ? before : word;
    if (before && later.isSpaced) x += measure.space;
    const placed = { ...word, x };
    x += measure.word(word);
    return placed;
  });
}

function cut(word: PdfWord, width: number, measure: Measure): PdfWord[] {
  if (measure.word(word) <= width) return [word];
  const parts: PdfWord[] = [];
  for (const character of word.text) {
    const last = parts.at(-1);
    const longer = last && { ...last, text: last.text + character };
    if (longer && measure.word(longer) <= width) parts[parts.length - 1] = longer;
    else parts.push({ ...word, text: character, ...(last && { isSpaced: false, isBroken: false }) });
  }
  return parts;
}
