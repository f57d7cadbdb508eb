import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../models/index.ts';
import { type FittablePassage, fitPassages } from './fit-passages.ts';

const passage = (text: string, start = 0, ...words: string[]): FittablePassage => ({
  title: 'Rules',
  text,
  start,
  end: start + text.length,
  highlights: words.map((word) => {
    const at = start + text.indexOf(word);
    return { start: at, end: at + word.length };
  }),
});
const filler = 'Nothing of interest stands in this sentence. ';
const tokensOf = (passages: readonly FittablePassage[]) =>
  passages.reduce((sum, { title, text }) => sum + estimateTokens(text) + estimateTokens(title) + 30, 0);

describe('passages for a prompt', () => {
  it('stay whole while they fit', () => {
    const passages = [passage('Bicycles are parked in the yard.'), passage(filler.repeat(5))];
    expect(fitPassages(passages, 1_000)).toEqual(passages);
  });

  it('are cut to the sentences that hold most of the question’s words', () => {
    const text = `${filler.repeat(50)}Lost keys cost 20 euros. ${filler.repeat(50)}Keys open doors.`;
    const [cut] = fitPassages([passage(text, 1_000, 'keys', 'cost', 'Keys')], 80);
    expect(cut?.text).toContain('Lost keys cost 20 euros.');
    expect(cut?.start).toBe(1_000 + text.indexOf(cut?.text ?? 'none'));
    expect(cut?.end).toBe((cut?.start ?? 0) + (cut?.text.length ?? 0));
  });

  it('leave a short one alone when a long one is cut', () => {
    const short = passage('Bicycles are parked in the yard.');
    const [first, second] = fitPassages([passage(filler.repeat(200)), short], 300);
    expect(second).toBe(short);
    expect(first?.text.length).toBeGreaterThan(600);
  });

  it('take no more tokens than they may, and are the document’s text, whatever they are', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom(filler, 'Ставка. ', '😀'.repeat(300), 'x'.repeat(900)),
        ),
        { maxLength: 20 },
      )
      .map((all) => all.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), fc.nat({ max: 3_000 }), (texts, tokens) => {
        const passages = texts.map((whole, index) => ({
          ...passage(whole, index * 10, whole.slice(0, 3), whole.slice(-9)),
          whole,
          from: index * 10,
        }));
        const fitted = fitPassages(passages, tokens);
        const frames = texts.length * (30 + estimateTokens('Rules'));
        expect(tokensOf(fitted)).toBeLessThanOrEqual(Math.max(tokens, frames));
        for (const { text: kept, start, end, whole, from } of fitted) {
          expect(kept).toBe(whole.slice(start - from, end - from));
        }
      }),
    );
  });
});
