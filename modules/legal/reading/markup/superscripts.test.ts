import { describe, expect, it } from 'vitest';
import { joinScripts, scriptText } from './superscripts.ts';

describe('raised and lowered text', () => {
  it.each([
    ['1', '¹'],
    ['10', '¹⁰'],
    ['1-1', '¹⁻¹'],
    ['−6', '⁻⁶'],
    ['n+1', 'ⁿ⁺¹'],
    ['2)', '²⁾'],
    ['1.1', '^(1.1)'],
    ['1,5', '^(1,5)'],
    ['2.', '².'],
    ['x', 'ˣ'],
    ['²', '²'],
    ['2 года', '^(2 года)'],
  ])('of "%s" is %s: no figure joins the one before it', (text, expected) => {
    expect(scriptText(text, 'super')).toBe(expected);
  });

  it.each(['th', 'й', '(подпись)', 'TM', '*', ' ', 'по делу № 5 суда'])('of "%s" stays as it is', (text) => {
    expect(scriptText(text, 'super')).toBe(text);
  });

  it('is lowered in its own characters, else in brackets', () => {
    expect(scriptText('2', 'sub')).toBe('₂');
    expect(scriptText('2,5', 'sub')).toBe('_(2,5)');
  });

  it('is one stretch however a program divides it', () => {
    const pieces = [{ text: 'ст. 15' }, { text: '1', script: 'super' }, { text: '0', script: 'super' }] as const;
    expect(joinScripts([...pieces, { text: ' ТК' }])).toBe('ст. 15¹⁰ ТК');
    expect(joinScripts([{ text: 'п. 2' }, { text: '1.', script: 'super' }, { text: '1', script: 'super' }])).toBe(
      'п. 2^(1.1)',
    );
  });

  it('stands on the line where all of a paragraph is raised', () => {
    expect(joinScripts([{ text: 'от 12.03.2024', script: 'super' }])).toBe('от 12.03.2024');
  });
});
