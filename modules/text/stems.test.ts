import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stems } from './stems.ts';
import { words } from './words.ts';

describe('stems', () => {
  it.each([
    ['договор', ['договора', 'договором', 'договоры', 'ДОГОВОРАМИ']],
    ['статья', ['статьи', 'статье', 'статьёй', 'СТАТЬЯХ']],
    ['termination', ['terminate', 'Terminated', 'terminations']],
    ['party', ['parties', "party's", 'PARTY’S']],
  ])('brings the forms of "%s" together', (word, forms) => {
    for (const form of forms) expect(stems(form)).toEqual(stems(word));
  });

  it('stems each word by its own script', () => {
    expect(stems('Agreements и договоры')).toEqual(['agreement', 'договор']);
  });

  it('keeps numbers and designations whole and findable by their parts', () => {
    expect(stems('ст. 8.1')).toEqual(['ст', '8.1']);
    expect(stems('Закон № 12-ФЗ')).toEqual(['закон', '12-фз', '12', 'фз']);
    expect(stems('А40-12345/2024')).toEqual(['а40-12345/2024', 'а40', '12345', '2024']);
    expect(stems('01.02.2024 г.')).toEqual(['day/2024-02-01', '2024', 'г']);
    expect(stems('12‑ФЗ')).toEqual(stems('12-ФЗ'));
  });

  it('takes words joined by a hyphen, a slash or a dot apart', () => {
    expect(stems('купли-продажи')).toEqual(stems('купли продажи'));
    expect(stems('buyer/seller')).toEqual(['buyer', 'seller']);
    expect(stems('5.Предмет')).toEqual(['5', 'предмет']);
  });

  it('sees through ё, soft hyphens, invisible characters, accents and presentation forms', () => {
    const plain = stems('елка договор officer');
    expect(stems('Ёлка до\u00ADго\u200Bвор o\uFB03cer')).toEqual(plain);
    expect(stems('Е\u0308лка догово\u0301р \uFEFFofficer')).toEqual(plain);
  });

  it('drops stop words of both languages', () => {
    expect(stems('что это такое, and what is the')).toEqual([]);
  });

  it('bounds a word without end', () => {
    expect(stems('я'.repeat(100_000))[0]?.length).toBeLessThanOrEqual(64);
  });

  it('holds only letters, numbers and joints, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const stem of stems(text)) expect(stem).toMatch(/^[\p{L}\p{N}./-]+$/u);
      }),
    );
  });

  it('does not depend on spacing', () => {
    const token = fc.constantFrom('договоры', '8.1', '12-ФЗ', 'parties', 'и', 'ст.', '«Ёлка»', 'и/или');
    const space = fc.constantFrom(' ', '\n', '\t', '\u00A0', '  \r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(token, space)), (parts) => {
        const spaced = parts.map(([word, gap]) => gap + word + gap).join('');
        expect(stems(spaced)).toEqual(stems(parts.map(([word]) => word).join(' ')));
      }),
    );
  });
});

describe('words', () => {
  it('tells where each word stands in the text as it was given', () => {
    const text = '«До\u00ADго\u00ADвор» № 12-ФЗ, Е\u0308лка';
    expect([...words(text)].map(({ text: word, start, end }) => [word, text.slice(start, end)])).toEqual([
      ['договор', 'До\u00ADго\u00ADвор'],
      ['12-фз', '12-ФЗ'],
      ['елка', 'Е\u0308лка'],
    ]);
  });
});
