import { createEngine, type Engine, meanConfidence, type PartResult } from '../engine.ts';
import { likeness } from '../fonts/language-likeness.ts';
import { clear, halved, INK_BELOW, inkIn, type PagePicture, turned, turnedBack, whole } from './bitmap.ts';
import type { RecognitionLanguage } from './recognition-languages.ts';
import { findGrids, takeRules } from './rules.ts';
import { readGrid } from './scanned-table.ts';
import { textParts } from './text-columns.ts';
import { textWithTables } from './unruled-tables.ts';
import type { WordBox } from './word-boxes.ts';

export interface ReadPicture {
  /** '' where there is none, or where what was recognized is noise. */
  text: string;
  /** What `text` is made of, in the order of recognition, where it stands on the picture. */
  words: WordBox[];
  /** Much of it may be wrong. */
  isUncertain: boolean;
  /** It holds a table whose columns could not be distinguished. */
  hasUnclearTable: boolean;
  /** There is ink that no word of the text covers: handwriting, stamps, pictures, or text that was not recognized. */
  hasInkLeft: boolean;
}

export type RecognizeText = (picture: PagePicture) => ReadPicture;

/** Below it a page may be the wrong way up, or no print; clean print has over 85. */
const doubtful = 70;
/** Below it a result is noise: a photograph, handwriting. */
const worthless = 30;
/** Of a page's ink. Edges of letters are outside of their boxes, and so are specks. */
const inkLeftShare = 0.12;
/** In square inches: a signature's strokes have more. */
const leastInk = 0.02;

/** Recognizes printed text on pictures of pages, whichever way up, with tables row by row and columns one by one. */
export async function createRecognizer(languages: ReadonlyMap<RecognitionLanguage, string>): Promise<RecognizeText> {
  const engine = await createEngine(languages);
  return (picture) => {
    if (isSpeckled(picture))
      return { text: '', words: [], isUncertain: false, hasUnclearTable: false, hasInkLeft: true };
    const first = readPage(engine, picture);
    if (isGood(first)) return judge(first);
    const quarters = bestTurn(engine, picture, worth(first));
    if (quarters === 0) return judge(first);
    const again = readPage(engine, turned(picture, quarters));
    if (worth(again) <= worth(first)) return judge(first);
    const words = again.words.map((word) => ({ ...word, ...turnedBack(word, picture, quarters) }));
    return judge({ ...again, words });
  };
}

/**
 * Specks all over, as photographs and noise have when they are printed in dots: recognition takes each for a letter, and
 * minutes for a page of them. Print has a fraction of such changes between ink and paper.
 */
function isSpeckled({ width, height, pixels }: PagePicture): boolean {
  let changes = 0;
  for (let at = 1; at < pixels.length; at += 1) {
    if ((pixels[at] as number) < INK_BELOW !== (pixels[at - 1] as number) < INK_BELOW) changes += 1;
  }
  return changes > (width / 8) * height;
}

interface PageResult extends PartResult, Pick<ReadPicture, 'hasInkLeft' | 'hasUnclearTable'> {}

/** Pages of figures have too few letters to judge them by. */
const readsLike = (text: string) => {
  const { share, pairs } = likeness(text);
  return pairs < 12 ? usualLikeness : share;
};
const usualLikeness = 0.35;
const noise = 0.2;
/** So much good text is on no page that lies the wrong way. */
const plentiful = 80;
const isGood = ({ confidence, text }: PartResult) => confidence >= doubtful && readsLike(text) >= usualLikeness;
const worth = ({ confidence, text }: PartResult) => confidence * readsLike(text) * Math.min(1, text.length / 40);

function judge({ text, words, confidence, hasInkLeft, hasUnclearTable }: PageResult): ReadPicture {
  const like = readsLike(text);
  if (confidence < worthless || (confidence < doubtful && like < noise)) {
    return { text: '', words: [], isUncertain: false, hasInkLeft, hasUnclearTable: false };
  }
  return { text, words, isUncertain: confidence < doubtful || like < noise, hasInkLeft, hasUnclearTable };
}

/**
 * How many quarters clockwise a page is best turned by before it is read, distinguished from a small copy; 0 where none is
 * worth much more than it is as it lies.
 */
function bestTurn(engine: Engine, picture: PagePicture, asItLies: number): number {
  const small = halved(picture);
  let best = { quarters: 0, score: asItLies * 1.2 };
  for (const quarters of [1, 3, 2]) {
    const copy = turned(small, quarters);
    engine.show(copy);
    const read = engine.read(whole(copy), 'page');
    if (worth(read) > best.score) best = { quarters, score: worth(read) };
    if (isGood(read) && read.text.length >= plentiful) break;
  }
  return best.quarters;
}

function readPage(engine: Engine, original: PagePicture): PageResult {
  const picture = { ...original, pixels: original.pixels.slice() };
  const grids = findGrids(takeRules(picture), picture.dotsPerInch);
  engine.show(picture);
  const tables = grids.map((grid) => ({ box: grid.box, ...readGrid(engine, grid) }));
  const rest = { ...picture, pixels: picture.pixels.slice() };
  for (const { box } of tables) clear(rest, box);
  if (tables.length > 0) engine.show(rest);
  const results: PartResult[] = [];
  let hasUnclearTable = false;
  let top = 0;
  for (const table of [...tables, undefined]) {
    const bottom = table?.box.top ?? picture.height;
    if (bottom > top) {
      const parts = textParts(rest, { left: 0, right: picture.width, top, bottom });
      for (const part of parts) {
        const read = engine.read(part, 'page');
        const { text, isUnclear } = textWithTables(read);
        results.push({ ...read, text });
        hasUnclearTable ||= isUnclear;
      }
    }
    if (table) results.push(table);
    top = Math.max(top, table?.box.bottom ?? top);
  }
  const words = results.flatMap((each) => each.words);
  return {
    words,
    text: results
      .map(({ text }) => text.trim())
      .filter((text) => text !== '')
      .join('\n\n'),
    confidence: meanConfidence(words),
    hasUnclearTable,
    hasInkLeft: hasInkLeft(picture, words),
  };
}

/** Whether more of the ink than specks and edges lies outside of all words. */
function hasInkLeft(picture: PagePicture, words: readonly WordBox[]): boolean {
  const ink = inkIn(picture, whole(picture));
  const left = { ...picture, pixels: picture.pixels.slice() };
  const margin = Math.round(picture.dotsPerInch * 0.02);
  for (const word of words) {
    clear(left, {
      left: word.left - margin,
      top: word.top - margin,
      right: word.right + margin,
      bottom: word.bottom + margin,
    });
  }
  const uncovered = inkIn(left, whole(left));
  return uncovered > ink * inkLeftShare && uncovered > leastInk * picture.dotsPerInch ** 2;
}
