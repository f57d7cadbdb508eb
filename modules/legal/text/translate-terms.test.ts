import { describe, expect, it } from 'vitest';
import { stems } from '../../text/index.ts';
import { bilingualTerms } from './bilingual-terms.ts';
import { translateTerms } from './translate-terms.ts';

const wordingsOf = (question: string) =>
  translateTerms(stems(question)).flatMap(({ wordings }) => wordings.map((words) => words.join(' ')));

describe('translated terms', () => {
  it('are found in any form, in both directions', () => {
    expect(wordingsOf('Кто платит арендную плату?')).toContain(stems('rent').join(' '));
    expect(wordingsOf('Who are the tenants?')).toContain(stems('арендатор').join(' '));
    expect(wordingsOf('О расторжении договора')).toEqual(
      expect.arrayContaining([stems('termination').join(' '), stems('agreement').join(' ')]),
    );
  });

  it('are the longest ones: a term inside another is not translated by itself', () => {
    const [term, ...others] = translateTerms(stems('гарантийный срок'));
    expect(term?.covers).toEqual(stems('гарантийный срок'));
    expect(term?.wordings).toEqual([stems('warranty period')]);
    expect(others).toEqual([]);
  });

  it('are none where no legal term stands', () => {
    expect(translateTerms(stems('Сколько лун у Сатурна?'))).toEqual([]);
    expect(translateTerms([])).toEqual([]);
  });

  it('have wordings on both sides of every line', () => {
    for (const line of bilingualTerms.trim().split('\n')) {
      const sides = line.split(' = ');
      expect(sides, line).toHaveLength(2);
      expect(/[а-яё]/i.test(sides[0] ?? ''), line).toBe(true);
      expect(/[a-z]/i.test(sides[1] ?? ''), line).toBe(true);
      for (const side of sides) expect(stems(side).length, line).toBeGreaterThan(0);
    }
  });
});
