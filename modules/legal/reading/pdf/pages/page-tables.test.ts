import { describe, expect, it } from 'vitest';
import { pageLines, readPageLines } from './page-lines.ts';

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

  /** Cells in the order in which they were written: [left, down, lines…], letters 5 points wide, lines 12 apart. */
  const written = (...cells: [number, number, ...string[]][]) =>
    cells.flatMap(([x, down, ...lines]) =>
      lines.map((str, index) => ({
        str,
        transform: [10, 0, 0, 10, x, 700 - down - index * 12],
        width: str.length * 5,
        hasEOL: true,
      })),
    );

  it('are read where each cell was written with all its lines', () => {
    const { text, hasUnclearTable } = readPageLines(
      written(
        [72, 0, 'The goods are these:'],
        ...([
          [72, 30, 'Goods'],
          [200, 30, 'Delivery'],
          [330, 30, 'Price'],
        ] as [number, number, string][]),
        ...([
          [72, 50, 'Oak table', 'with drawers'],
          [200, 50, 'in March', 'by lorry', 'from Perm'],
        ] as [number, number, ...string[]][]),
        [330, 50, '12 000'],
        ...([
          [72, 94, 'Armchair'],
          [200, 94, 'in April', 'by rail'],
          [330, 94, '8 700'],
        ] as [number, number, ...string[]][]),
        [72, 130, 'The Buyer pays at once.'],
      ),
    );
    expect(text.split(/\n+/)).toEqual([
      'The goods are these:',
      'Goods | Delivery | Price',
      'Goods: Oak table with drawers | Delivery: in March by lorry from Perm | Price: 12 000',
      'Goods: Armchair | Delivery: in April by rail | Price: 8 700',
      'The Buyer pays at once.',
    ]);
    expect(hasUnclearTable).toBe(false);
  });

  it('are read where short cells stand in the middle of their row', () => {
    const text = pageLines(
      written(
        ...([
          [72, 0, 'Payment'],
          [200, 0, 'Sum'],
          [330, 0, 'Day'],
        ] as [number, number, string][]),
        ...([
          [72, 30, 'Advance for', 'the goods', 'delivered'],
          [200, 42, '150 000'],
          [330, 42, '1 March'],
        ] as [number, number, ...string[]][]),
        ...([
          [72, 80, 'Rest'],
          [200, 80, '90 000'],
          [330, 80, '1 May'],
        ] as [number, number, string][]),
      ),
    );
    expect(text.split(/\n+/).slice(1)).toEqual([
      'Payment: Advance for the goods delivered | Sum: 150 000 | Day: 1 March',
      'Payment: Rest | Sum: 90 000 | Day: 1 May',
    ]);
  });

  it('are told of where which cells belong together is not known', () => {
    const unclear = readPageLines(
      written(
        [72, 0, 'Oak table', 'with drawers', 'Armchair'],
        [160, 0, 'March', 'April'],
        [230, 0, '15', '2', '9'],
        [300, 0, '12 000', '8 700'],
      ),
    );
    expect(unclear.hasUnclearTable).toBe(true);
    for (const word of ['Oak table', 'March', '12 000']) expect(unclear.text).toContain(word);
  });

  it('are not made of columns of prose, one behind the other', () => {
    const column = (left: number, name: string): [number, number, ...string[]] => [
      ...([left, 0] as [number, number]),
      ...Array.from({ length: 9 }, (_, line) => `${name} pays sum ${line} in time`),
    ];
    const { text, hasUnclearTable } = readPageLines(written(column(72, 'Seller'), column(300, 'Buyer')));
    expect(text).not.toContain('|');
    expect(text.indexOf('Buyer')).toBeGreaterThan(text.lastIndexOf('Seller'));
    expect(hasUnclearTable).toBe(false);
  });
});
