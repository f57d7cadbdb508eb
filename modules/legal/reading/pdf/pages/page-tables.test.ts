import { describe, expect, it } from 'vitest';
import { pageLines } from './page-lines.ts';

/** Lines of a page, each of parts [left, text] whose letters are 5 points wide. */
const page = (...lines: [number, string][][]) =>
  pageLines(
    lines.flatMap((parts, index) =>
      parts.map(([x, str], at) => ({
        str,
        transform: [10, 0, 0, 10, x, 700 - index * 15],
        width: str.length * 5,
        hasEOL: at === parts.length - 1,
      })),
    ),
  );

describe('tables of a page', () => {
  it('have a line for each row, which names the columns', () => {
    expect(
      page(
        [[72, 'Реестр платежей']],
        [
          [76, '№'],
          [110, 'Контрагент'],
          [220, 'Сумма'],
        ],
        [
          [72, '1'],
          [100, 'ООО «Фирма 1»'],
          [250, '7 000,00'],
        ],
        [
          [72, '2'],
          [100, 'ООО «Фирма 2»'],
          [250, '9 000,00'],
        ],
        [[72, 'Всего две строки.']],
      ),
    ).toBe(
      [
        'Реестр платежей',
        '№ | Контрагент | Сумма',
        '№: 1 | Контрагент: ООО «Фирма 1» | Сумма: 7 000,00',
        '№: 2 | Контрагент: ООО «Фирма 2» | Сумма: 9 000,00',
        'Всего две строки.',
      ].join('\n'),
    );
  });

  it('have empty cells where a row has none', () => {
    const rows = page(
      [
        [72, 'Name'],
        [150, 'Rate'],
        [220, 'Note'],
      ],
      [
        [72, 'Rent'],
        [150, '4500'],
        [220, 'net'],
      ],
      [
        [72, 'Heating'],
        [220, 'none'],
      ],
    );
    expect(rows.split('\n').at(-1)).toBe('Name: Heating | Note: none');
  });

  it('are not made of clauses with hanging numbers, contents and columns of prose', () => {
    const clauses = page(
      [
        [72, '1.1'],
        [110, 'First'],
      ],
      [
        [72, '1.2'],
        [110, 'Second'],
      ],
      [
        [72, '1.3'],
        [110, 'Third'],
      ],
    );
    const contents = page(
      [
        [72, 'Subject'],
        [300, '3'],
      ],
      [
        [72, 'Rent'],
        [300, '4'],
      ],
      [
        [72, 'Term'],
        [300, '9'],
      ],
    );
    const prose = 'words that fill a line of it';
    const columns = page(
      ...Array.from({ length: 4 }, (): [number, string][] => [
        [72, prose],
        [300, prose],
      ]),
    );
    const single = page(
      [
        [72, 'Berlin'],
        [300, '1 March 2024'],
      ],
      [[72, 'The parties agree.']],
    );
    for (const text of [clauses, contents, columns, single]) expect(text).not.toContain('|');
  });
});
