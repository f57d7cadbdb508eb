import { stemmer as englishStem } from '@orama/stemmers/english';
import { stemmer as russianStem } from '@orama/stemmers/russian';
import type { Word } from './span.ts';
import { englishStopWords, russianStopWords } from './stop-words.ts';
import { words } from './words.ts';

/**
 * What a text is found by: its words without stop words, in order, each stemmed by its own script, so that a text in
 * both languages needs no choice. Designations such as `8.1` and `12-фз` stay whole; those with a hyphen or a slash are
 * followed by their parts, so that `ФЗ-12` finds `12-ФЗ`. Amounts, shares and days come in one form (`95500`, `share/0.5`,
 * `day/2024-05-20`) however they are written, in words too, words broken at a line's end whole and in halves. A stem holds letters, numbers
 * and `.`, `-`, `/` only.
 */
export function stems(text: string): string[] {
  const found: string[] = [];
  for (const word of words(text)) {
    addExact(found, word.text);
    const [number, year] = [/^(.+)%$/.exec(word.text)?.[1], day.exec(word.text)?.[1]];
    if (number !== undefined) add(found, number);
    if (year !== undefined) add(found, year);
    for (const part of word.parts ?? []) add(found, part);
  }
  return found;
}

/** The same of a question: a share or a day that it names is looked for as such, not as any number or year. */
export const askedStems = (text: string): string[] => Array.from(words(text)).flatMap(askedStemsOf);

/** The same of one word of a question. */
export function askedStemsOf(word: Word): string[] {
  const found: string[] = [];
  addExact(found, word.text);
  return found;
}

/** Whether a stem is a number, a share or a day, or names something by one. */
export const isFigureStem = (stem: string): boolean => /\d/.test(stem);

const day = /^(\d{4})-\d\d-\d\d$/;

function addExact(found: string[], word: string): void {
  if (day.test(word)) found.push(`day/${word}`);
  else if (word.endsWith('%')) found.push(`share/${word.slice(0, -1)}`);
  else {
    add(found, word);
    if (/[-/]/.test(word)) for (const part of word.split(/[-/]/)) add(found, part);
  }
}

function add(found: string[], word: string): void {
  if (word === '' || word === '00' || russianStopWords.has(word) || englishStopWords.has(word)) return;
  found.push(stem(word));
}

function stem(word: string): string {
  if (/^[а-я]+$/.test(word)) return russianStem(word);
  if (/^[a-z]+$/.test(word)) return englishStem(word);
  return word;
}
