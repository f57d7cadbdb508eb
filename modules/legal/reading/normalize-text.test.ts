import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeText } from './normalize-text.ts';

describe('normalized text', () => {
  it.each([
    ['line ends', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['decomposed letters', 'Договор заи\u0306ма', 'Договор займа'],
    ['controls', 'a\0b\u0007c\u009fd\te', 'abcd\te'],
    ['soft hyphens, also at a line end', 'ответ\u00adствен\u00ad\nность', 'ответственность'],
    ['real hyphens at a line end', 'приёма-\nпередачи', 'приёма-\nпередачи'],
    ['invisible and reordering marks', 'l\u200baw \u202e000,1\u202c\ufeff', 'law 000,1'],
    ['spaces of other widths', '150\u00a0000\u202fруб.', '150 000 руб.'],
    ['spaces at line ends', 'a  \t\nb ', 'a\nb'],
    ['blank lines', '\n\na\n \n\n\n\nb\n\n', 'a\n\n\nb'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
  ])('has its %s in order', (_, text, normalized) => {
    expect(normalizeText(text)).toBe(normalized);
  });

  it('keeps joiners that emoji and scripts need', () => {
    expect(normalizeText('👩\u200d⚖️')).toBe('👩\u200d⚖️');
  });

  it('does not change when normalized again', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('a', 'й', 'и\u0306', '\n', '\r', ' ', '\t', '\u00ad', '\u200b', '\0', '😀', '\u0301'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        expect(normalizeText(normalizeText(text))).toBe(normalizeText(text));
      }),
    );
  });
});
