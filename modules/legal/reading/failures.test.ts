import { describe, expect, it } from 'vitest';
import { parseFailureCodes } from './contract.ts';
import { failureTexts } from './failures.ts';

describe('what people are told of a failed file', () => {
  it.each(parseFailureCodes)('of "%s" is a cause and an advice in both languages', (code) => {
    const { en, ru } = failureTexts[code];
    for (const text of [en, ru]) expect(text.split(/[.:;] /).length).toBeGreaterThan(1);
    expect(en).not.toMatch(/\p{Script=Cyrillic}/u);
    expect(ru).toMatch(/^\p{Script=Cyrillic}/u);
  });
  it('differs for every code', () => {
    expect(new Set(Object.values(failureTexts).map(({ ru }) => ru)).size).toBe(parseFailureCodes.length);
  });
});
