import { stems } from '../../text/index.ts';
import { englishThesaurus } from './thesaurus-en.ts';
import { russianThesaurus } from './thesaurus-ru.ts';

/** What a question means next to its own words: wordings of one notion, each as its stems. */
export type Notion = readonly (readonly string[])[];

export interface Thesaurus {
  /** The notions that a question with these stems touches, one for each entry of the thesaurus that it uses. */
  notions(questionStems: readonly string[]): Notion[];
  /** Whether a stem is one of its words: a term of law or of daily life, not a name. */
  isTerm(stem: string): boolean;
}

interface Entry {
  asked: string[][];
  written: string[][];
}

let thesaurus: Thesaurus | undefined;

/** The hand-written thesauri of both languages; a question may mix them, as each entry asks for its own words. */
export function legalThesaurus(): Thesaurus {
  // Not at import: stemming the entries would take a part of a function's start. It is never changed.
  thesaurus ??= readThesaurus();
  return thesaurus;
}

function readThesaurus(): Thesaurus {
  const entries = [russianThesaurus, englishThesaurus].flatMap(readEntries);
  /** Entries by the first word of a left side, so that a question looks at few. */
  const byWord = new Map<string, { words: string[]; entry: Entry }[]>();
  for (const entry of entries) {
    for (const words of entry.asked) {
      const [first] = words;
      if (first === undefined) continue;
      const known = byWord.get(first);
      if (known) known.push({ words, entry });
      else byWord.set(first, [{ words, entry }]);
    }
  }
  const terms = new Set(entries.flatMap(({ asked, written }) => [...asked, ...written].flat()));
  return {
    isTerm: (stem) => terms.has(stem),
    notions(questionStems) {
      const asked = new Set(questionStems);
      const used = new Set<Entry>();
      for (const stem of asked) {
        for (const { words, entry } of byWord.get(stem) ?? []) {
          if (words.every((word) => asked.has(word))) used.add(entry);
        }
      }
      return [...used].map(({ written }) => written);
    },
  };
}

function readEntries(lines: string): Entry[] {
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [asked = '', written = ''] = line.split(':', 2);
      return { asked: phrases(asked), written: phrases(written) };
    });
}

const phrases = (list: string): string[][] =>
  list
    .split(',')
    .map((phrase) => [...new Set(stems(phrase))])
    .filter((words) => words.length > 0);
