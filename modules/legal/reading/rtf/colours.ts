import { isPaperRgb } from '../markup/colours.ts';

export interface RtfColours {
  /** A word of the table of colours. @returns false for any other */
  define(word: string, value: number): boolean;
  /** Text within the table: each semicolon ends a colour. */
  addEnds(text: string): void;
  /** Whether a colour of the table is that of paper. */
  isPaper(index: number): boolean;
}

const mostColours = 1_000;

export function createColours(): RtfColours {
  const papers: boolean[] = [];
  let parts: { red?: number; green?: number; blue?: number } = {};
  return {
    define(word, value) {
      if (word !== 'red' && word !== 'green' && word !== 'blue') return false;
      parts[word] = value;
      return true;
    },
    addEnds(text) {
      for (const sign of text) {
        if (sign !== ';' || papers.length >= mostColours) continue;
        const { red, green, blue } = parts;
        papers.push(isPaperRgb(red, green, blue));
        parts = {};
      }
    },
    isPaper: (index) => papers[index] === true,
  };
}
