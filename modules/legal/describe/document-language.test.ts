import { describe, expect, it } from 'vitest';
import { documentLanguage } from './document-language.ts';

describe('the main language', () => {
  it('is Russian for Russian text with foreign names in it', () => {
    expect(documentLanguage('Лицензиар Brightwater Systems Ltd передаёт Лицензиату программу Tidewise')).toBe('ru');
  });
  it('is English for English text with a Russian name in it, and where there are no letters', () => {
    expect(documentLanguage('This Agreement is made with OOO «Зерно», a company of Verkhnerechensk')).toBe('en');
    expect(documentLanguage('12 345')).toBe('en');
  });
});
