import { englishStopWords, russianStopWords } from './stop-words.ts';
import { words } from './words.ts';

/** Characters looked at; enough to tell, whatever the document's length. */
const sample = 20_000;

/**
 * The language a text is written in. Its small words decide, because names and terms of the other language are common
 * in legal text; letters decide where there are none; English where there are no letters either.
 */
export function detectLanguage(text: string): 'ru' | 'en' {
  const head = text.slice(0, sample);
  let small = 0;
  for (const { text: word } of words(head)) {
    if (russianStopWords.has(word)) small++;
    else if (englishStopWords.has(word)) small--;
  }
  if (small !== 0) return small > 0 ? 'ru' : 'en';
  return count(head, /\p{Script=Cyrillic}/gu) > count(head, /\p{Script=Latin}/gu) ? 'ru' : 'en';
}

const count = (text: string, letter: RegExp): number => text.match(letter)?.length ?? 0;
