import type { Span } from './contract.ts';

/** A word, or a sign between words. White space is none: where lines end says nothing of what is agreed. */
export interface Token extends Span {
  text: string;
}

/** @param at where the text stands in the one that tokens count in */
export const tokensOf = (text: string, at: number): Token[] =>
  Array.from(text.matchAll(/[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu), ({ 0: word, index }) => ({
    text: word,
    start: at + index,
    end: at + index + word.length,
  }));

export const isWord = ({ text }: Token): boolean => /[\p{L}\p{N}]/u.test(text);
