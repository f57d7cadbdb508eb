import { describe, expect, it } from 'vitest';
import { findHits, isChecked } from './lint-prose.ts';

describe('the lint of English', () => {
  it('names each word with its file and line', () => {
    const text = ['// Redis is away', "const to = 'nobody@example.org';", '/** Whoever asks is told. */'].join('\n');
    expect(findHits('a.ts', text)).toEqual(['a.ts:1: "is away"', 'a.ts:3: "Whoever"']);
  });

  it('finds a word at the end of a text in quotes, but for the name of a user', () => {
    expect(findHits('a.ts', "it('begins anew', () => asUser('nobody'));")).toEqual(['a.ts:1: "anew"']);
  });

  it('finds whole words only', () => {
    expect(findHits('a.md', 'Besides, it became together again, and goes onward')).toEqual([]);
  });

  it.each([
    ['docs/billing.md', true],
    ['modules/people/roles.ts', true],
    ['db/migrations/0004_metering.sql', false],
    ['modules/legal/question/asking-words.ts', false],
    ['scripts/samples/remote-work-policy.html', false],
    ['package-lock.json', false],
  ])('reads %s: %s', (path, read) => {
    expect(isChecked(path)).toBe(read);
  });
});
