import { stems } from '../text/index.ts';
import { matchStrength } from './extractive/match-stems.ts';

/** Share of a sentence's new words that the cited passages must have when it has no citation of its own. */
const leastShare = 0.6;
/** Shorter numbers are often written in words on one side. */
const shortestFigure = 3;

/** What an answer says of the documents and not from them: that they are silent on something. */
const caveat =
  /(?:\b(?:do|does|did) not (?:say|state|specify|contain|mention|address|define|provide|set|name|regulate|indicate)|\b(?:not|nothing) (?:specified|stated|mentioned|said|defined|addressed)|не (?:указан|содерж|сказан|говорит|установлен|определ|упомин|предусм|регулир|раскры)|нет (?:сведений|указаний|информации|данных))/iu;
const plainAnswer = /^\s*(?:yes|no|да|нет)(?!\p{L})/iu;
const figure = /\d{1,3}(?:[ \u00a0\u202f.,’']\d{3}){1,5}(?!\d)|\d+/g;

/**
 * Whether a sentence of an answer may stay. Its figures of three and more digits must be in a cited passage or in the question,
 * citation or not. Without a citation of its own the cited passages must have most of what it says beyond the question; it
 * may also lead in («По договору:») or say that the documents are silent.
 */
export function createSupportCheck(
  sources: readonly string[],
  question: string,
): (sentence: string, hasCitation: boolean) => boolean {
  const figures = new Set([...sources, question].flatMap(figuresIn));
  const known = new Set(sources.flatMap((source) => stems(source)));
  const asked = new Set(stems(question));
  return (sentence, hasCitation) => {
    if (figuresIn(sentence).some((one) => one.length >= shortestFigure && !figures.has(one))) return false;
    if (hasCitation || /:\s*$/.test(sentence) || caveat.test(sentence)) return true;
    const said = [...new Set(stems(sentence.replace(plainAnswer, '')))].filter(
      (stem) => matchStrength(stem, asked) === 0,
    );
    const found = said.reduce((sum, stem) => sum + Math.ceil(matchStrength(stem, known)), 0);
    return found >= leastShare * said.length;
  };
}

/** Numbers without what groups their digits: «12 500», "12,500" and "12500" are one. */
const figuresIn = (text: string): string[] =>
  Array.from(text.matchAll(figure), ([written]) => written.replaceAll(/\D/g, ''));
