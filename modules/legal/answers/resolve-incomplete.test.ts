import { describe, expect, it } from 'vitest';
import { resolveIncomplete } from './resolve-incomplete.ts';

const text = 'The monthly rent is 1,200 euros. The lease runs for five years.';
const passage = { number: 3, documentId: 'd', title: 'Lease', page: 1, start: 100, end: 100 + text.length, text };
const resolve = (answer: string) => resolveIncomplete(answer, [passage]);

describe('an answer that was cut off', () => {
  it('keeps the words that came, uncited', () => {
    expect(resolve('The monthly rent')).toEqual({
      answer: 'The monthly rent',
      citations: [],
      answered: false,
      dropped: 0,
    });
  });

  it.each(['', ' [', ' [3', ' [3,'])('cites its whole sentences and keeps the words after them, ended by %j', (end) => {
    const { answer, citations } = resolve(`The monthly rent is 1,200 euros [3]. The lease runs${end}`);
    expect(answer).toBe('The monthly rent is 1,200 euros [1]. The lease runs');
    expect(citations.map(({ quote }) => quote)).toEqual(['The monthly rent is 1,200 euros.']);
  });

  it('is read as a whole one where it ends with a sentence', () => {
    expect(resolve('The monthly rent is 1,200 euros [3].').answer).toBe('The monthly rent is 1,200 euros [1].');
    expect(resolve('The monthly rent is 1,200 euros. [3]').answer).toBe('The monthly rent is 1,200 euros. [1]');
  });
});
