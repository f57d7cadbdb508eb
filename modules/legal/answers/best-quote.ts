import { type Span, stems } from '../text/index.ts';
import { matchStrength } from './extractive/match-stems.ts';
import { longestQuote, quotableSpans } from './extractive/quotable-spans.ts';

/** Share of the statement's weight that another sentence must add for the quote to be extended by it. */
const worthASentence = 0.15;

export interface QuotablePassage {
  sentences: { span: Span; stems: ReadonlySet<string> }[];
}

export function readPassage(text: string): QuotablePassage {
  return {
    sentences: quotableSpans(text).map((span) => ({ span, stems: new Set(stems(text.slice(span.start, span.end))) })),
  };
}

/**
 * The run of sentences in a passage that best supports a statement: the one that has most of its words, rare ones of the
 * passage counting more, and no longer than that takes. Undefined when the passage has no word of the statement.
 */
export function bestQuote(statement: string, { sentences }: QuotablePassage): Span | undefined {
  const evidence = weighEvidence([...new Set(stems(statement))], sentences);
  const total = evidence.reduce((sum, { weight }) => sum + weight, 0);
  let best: { span: Span; value: number } | undefined;
  for (const [first, { span }] of sentences.entries()) {
    for (let last = first; last < sentences.length; last += 1) {
      const end = sentences[last]?.span.end ?? span.end;
      if (last > first && end - span.start > longestQuote) break;
      const support = evidence.reduce(
        (sum, { weight, strengths }) => sum + weight * Math.max(...strengths.slice(first, last + 1)),
        0,
      );
      const value = support - (last - first) * worthASentence * total;
      if (support > 0 && (!best || value > best.value)) best = { span: { start: span.start, end }, value };
    }
  }
  return best?.span;
}

/** For each word that some sentence has: its weight, and how surely each sentence has it. */
function weighEvidence(words: readonly string[], sentences: QuotablePassage['sentences']) {
  return words.flatMap((word) => {
    const strengths = sentences.map((sentence) => matchStrength(word, sentence.stems));
    const frequency = strengths.filter((strength) => strength > 0).length;
    return frequency === 0 ? [] : [{ strengths, weight: 1 / frequency }];
  });
}
