import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const names = ['ask', 'auth', 'conversations', 'documents', 'health', 'ingest'];

describe('nearest', () => {
  it.each([
    ['aks', 'ask'],
    ['Ask', 'ask'],
    ['document', 'documents'],
    ['conversatoins', 'conversations'],
    ['helth', 'health'],
    ['injest', 'ingest'],
  ])('takes %j for %j', (word, meant) => {
    expect(nearest(word, names)).toBe(meant);
  });

  it.each(['nothing', '', 'as-good-as-nothing', 'billing'])('does not guess what %j means', (word) => {
    expect(nearest(word, names)).toBeUndefined();
  });

  it('has nothing to offer where there are no names', () => {
    expect(nearest('ask', [])).toBeUndefined();
  });

  it('takes no notice of capitals on either side', () => {
    expect(nearest('quee', ['Queue', 'Memory'])).toBe('Queue');
    expect(nearest('QUEE', ['Queue', 'Memory'])).toBe('Queue');
  });
});

describe('didYouMean', () => {
  it('is the end of a message, or nothing', () => {
    expect(didYouMean('aks', names)).toBe('; did you mean "ask"?');
    expect(didYouMean('nothing', names)).toBe('');
  });
});
