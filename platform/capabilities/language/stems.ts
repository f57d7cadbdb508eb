import { stemmer as englishStem } from '@orama/stemmers/english';
import { stemmer as russianStem } from '@orama/stemmers/russian';
import { englishStopWords, russianStopWords } from './stop-words.ts';
import { words } from './words.ts';

/**
 * What a text is found by: its words without stop words, in order, each stemmed by its own script, so that a text in
 * both languages needs no choice. Numbers and designations such as `8.1` and `12-фз` stay whole; those with a hyphen
 * or a slash are followed by their parts, so that `ФЗ-12` finds `12-ФЗ`. A stem holds letters, numbers and `.`, `-`,
 * `/` only.
 */
export function stems(text: string): string[] {
  const found: string[] = [];
  for (const { text: word } of words(text)) {
    add(found, word);
    if (/[-/]/.test(word)) for (const part of word.split(/[-/]/)) add(found, part);
  }
  return found;
}

function add(found: string[], word: string): void {
  if (word === '' || russianStopWords.has(word) || englishStopWords.has(word)) return;
  found.push(stem(word));
}

function stem(word: string): string {
  if (/^[а-я]+$/.test(word)) return russianStem(word);
  if (/^[a-z]+$/.test(word)) return englishStem(word);
  return word;
}
