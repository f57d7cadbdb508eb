import { estimateTokens } from '../../models/index.ts';
import { type Span, sentences } from '../text/index.ts';

export interface FittablePassage {
  title: string;
  heading?: string;
  /** The document's text from `start` to `end`. */
  text: string;
  start: number;
  end: number;
  /** Where the question's words stand, as offsets into the document. */
  highlights?: readonly Span[];
}

/** Tokens of the frame around a passage in the prompt, besides its title. */
const frameTokens = 30;
/** Words that begin alike count as one word. */
const wordHead = 6;

/** The passage behind another one may have a little less: 1, 2/3, 1/2, 2/5, … of the first one's share. */
const shareOf = (index: number): number => 1 / (1 + index / 2);
/** What a highlighted word counts each time it comes again. */
const again = 0.1;

/**
 * The passages, best first, cut so that together they take at most `tokens` in a prompt, frames and titles included. Short ones
 * stay whole; long ones share what is left, the first ones more of it, and keep the run of sentences that has the most
 * different highlighted words.
 */
export function fitPassages<P extends FittablePassage>(passages: readonly P[], tokens: number): P[] {
  const frames = passages.map(({ title, heading = '' }) => frameTokens + estimateTokens(title + heading));
  const needs = passages.map(({ text }) => estimateTokens(text));
  const level = findLevel(needs, tokens - frames.reduce((sum, frame) => sum + frame, 0));
  return passages.flatMap((passage, index) => {
    const most = Math.floor(level * shareOf(index));
    if ((needs[index] ?? 0) <= most) return [passage];
    const { start, end } = bestWindow(passage, most);
    const [from, to] = [passage.start + start, passage.start + end];
    return end > start ? [{ ...passage, text: passage.text.slice(start, end), start: from, end: to }] : [];
  });
}

/** What the first one may have at most, so that all together have at most `total`. */
function findLevel(needs: readonly number[], total: number): number {
  let left = Math.max(0, total);
  let shares = needs.reduce((sum, _, index) => sum + shareOf(index), 0);
  const rising = needs
    .map((need, index) => ({ need, share: shareOf(index) }))
    .sort((a, b) => a.need / a.share - b.need / b.share);
  for (const { need, share } of rising) {
    const level = left / shares;
    if (need / share > level) return level;
    left -= need;
    shares -= share;
  }
  return Number.POSITIVE_INFINITY;
}

/** Characters that a token has at least by the estimate. */
const leastCharacters = 2;

/** Within the passage; of whole sentences unless one alone takes more. */
function bestWindow({ text, start, highlights = [] }: FittablePassage, tokens: number): Span {
  const marks = highlights.map((span) => ({
    at: span.start - start,
    word: text
      .slice(span.start - start, span.end - start)
      .toLowerCase()
      .slice(0, wordHead),
  }));
  const spans = sentences(text);
  let best: { window: Span; value: number } | undefined;
  for (const [first, { start: from }] of spans.entries()) {
    let to = from;
    let spent = 0;
    for (const { end } of spans.slice(first)) {
      spent += estimateTokens(text.slice(to, end));
      if (spent > tokens) break;
      to = end;
    }
    if (to === from) to = wholeCharacter(text, Math.min(spans[first]?.end ?? from, from + tokens * leastCharacters));
    const inside = marks.flatMap(({ at, word }) => (at >= from && at < to ? [word] : []));
    const value = new Set(inside).size + again * inside.length;
    if (!best || value > best.value) best = { window: { start: from, end: to }, value };
  }
  return best?.window ?? { start: 0, end: 0 };
}

/** The position, or the one before when it is inside a surrogate pair. */
const wholeCharacter = (text: string, position: number): number =>
  /[\ud800-\udbff]/.test(text.charAt(position - 1)) ? position - 1 : position;
