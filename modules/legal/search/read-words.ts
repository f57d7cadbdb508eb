import { stems, words } from '../text/index.ts';

/** A word as texts write it, with what it is found by. */
export interface KnownWord {
  stems: readonly string[];
  /** What a stem may begin with, by which most words are passed over; see `beginningOf`. */
  beginning: number;
  /** Its parts begin within it. */
  isDesignation: boolean;
}

/** The words of a text, in order, with where each begins and ends. */
export interface TextWords {
  words: readonly KnownWord[];
  starts: Uint32Array;
  ends: Uint32Array;
}

/** What a word and its stem have in common: the first two letters. */
export const beginningOf = (word: string): number => word.charCodeAt(0) * 0x10000 + (word.charCodeAt(1) || 0);

/** The first letter alone, as the beginning of a stem of one letter. */
export const firstLetterOf = (beginning: number): number => beginning - (beginning % 0x10000);

const mostKept = 20_000;

/** Reads the words of texts; what is known of a word is kept, as it comes again from text to text. */
export function createWordReader(): (text: string) => TextWords {
  const known = new Map<string, KnownWord>();
  const know = (text: string): KnownWord => {
    const found = known.get(text);
    if (found) return found;
    if (known.size >= mostKept) known.clear();
    const word = new Word(text);
    known.set(text, word);
    return word;
  };
  return (text) => {
    const found: KnownWord[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (const { text: word, start, end } of words(text)) {
      found.push(know(word));
      starts.push(start);
      ends.push(end);
    }
    return { words: found, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
  };
}

/** Stemmed when a question first asks for it. */
class Word implements KnownWord {
  readonly beginning: number;
  readonly isDesignation: boolean;
  readonly #text: string;
  #stems: readonly string[] | undefined;

  constructor(text: string) {
    this.#text = text;
    this.beginning = beginningOf(text);
    this.isDesignation = /[-/%]/.test(text);
  }

  get stems(): readonly string[] {
    this.#stems ??= stems(this.#text);
    return this.#stems;
  }
}
