import { beforeAll, describe, expect, it } from 'vitest';
import { makePdf, type PdfLine } from '../../fixtures/make-pdf.ts';
import { type PagePicture, turned } from './bitmap.ts';
import { openPdfPictures } from './pictures.ts';
import { findLanguages, systemLanguageFolders } from './recognition-languages.ts';
import { createRecognizer, type RecognizeText } from './recognize-text.ts';

let recognize: RecognizeText;
beforeAll(async () => {
  recognize = await createRecognizer(findLanguages(systemLanguageFolders));
});

async function draw(lines: PdfLine[]): Promise<PagePicture> {
  const picture = await (await openPdfPictures(makePdf([lines]))).draw(1);
  if (!picture) throw new Error('Draw page: it has no size');
  return picture;
}

const text = (down: number, words: string, left = 72): PdfLine => ({ text: words, down, left });

/** Draws a rule in points from the top left corner, as thick as many pixels, falling by so many over its length. */
function rule(
  { pixels, width, dotsPerInch }: PagePicture,
  from: [number, number],
  to: [number, number],
  thick = 3,
  fall = 0,
) {
  const [x, y, right, bottom] = [...from, ...to].map((points) => Math.round((points * dotsPerInch) / 72)) as [
    number,
    number,
    number,
    number,
  ];
  const isRow = right - x > bottom - y;
  const length = isRow ? right - x : bottom - y;
  for (let along = 0; along < length; along += 1) {
    const shift = Math.round((fall * along) / length);
    for (let each = 0; each < thick; each += 1) {
      const at = isRow ? (y + shift + each) * width + x + along : (y + along) * width + x + shift + each;
      pixels[at] = 0;
    }
  }
}

const paragraph = [
  text(120, 'The Supplier delivers the goods named below to the Buyer.'),
  text(140, 'The Buyer pays for the goods within ten days of delivery.'),
];

describe('recognition of a page', () => {
  it('reads a ruled table row by row, whatever its rules look like', { timeout: 120_000 }, async () => {
    for (const [thick, fall] of [
      [2, 0],
      [8, 0],
      [3, 9],
    ] as const) {
      const rows = [
        ['Oak table', '15', '12 000'],
        ['Soft chair', '40', '3 500'],
        ['Armchair', '9', '8 700'],
      ];
      const picture = await draw([
        ...paragraph,
        ...[['Goods', 'Count', 'Price'], ...rows].flatMap((cells, row) =>
          cells.map((cell, column) => text(196 + row * 24, cell, 80 + column * 140)),
        ),
        text(330, 'Disputes are settled by the court of the place of delivery.'),
      ]);
      for (let row = 0; row <= 4; row += 1) rule(picture, [72, 180 + row * 24], [492, 180 + row * 24], thick, fall);
      for (let column = 0; column <= 3; column += 1)
        rule(picture, [72 + column * 140, 180], [72 + column * 140, 276], thick);
      const page = recognize(picture);
      const lines = page.text.split('\n').filter((line) => line !== '');
      expect(lines.slice(2, -1)).toEqual([
        'Goods | Count | Price',
        ...rows.map(([goods, count, price]) => `Goods: ${goods} | Count: ${count} | Price: ${price}`),
      ]);
      expect(lines.at(-1)).toContain('court of the place of delivery');
      expect(page).toMatchObject({ isUncertain: false, hasInkLeft: false });
    }
  });

  it('reads a table without rules row by row', { timeout: 120_000 }, async () => {
    const rows = [
      ['Oak table', '15', '12 000'],
      ['Soft chair', '40', '3 500'],
      ['Armchair', '9', '8 700'],
      ['Bookcase', '2', '24 100'],
    ];
    const picture = await draw([
      ...paragraph,
      ...[['Goods', 'Count', 'Price'], ...rows].flatMap((cells, row) =>
        cells.map((cell, column) => text(196 + row * 20, cell, 80 + column * 140)),
      ),
      text(330, 'Disputes are settled by the court of the place of delivery.'),
    ]);
    const page = recognize(picture);
    const lines = page.text.split('\n').filter((line) => line !== '');
    expect(lines.slice(2, -1)).toEqual([
      'Goods | Count | Price',
      ...rows.map(([goods, count, price]) => `Goods: ${goods} | Count: ${count} | Price: ${price}`),
    ]);
    expect([lines[0], lines.at(-1)]).toEqual([
      expect.stringContaining('The Supplier delivers'),
      expect.stringContaining('court of the place of delivery'),
    ]);
    expect(page).toMatchObject({ isUncertain: false, hasInkLeft: false, hasUnclearTable: false });
  });

  it('reads a page whichever way it lies', { timeout: 120_000 }, async () => {
    const upright = await draw([...paragraph, text(160, 'The rent of the office is 350 000 euros a year.')]);
    for (const quarters of [1, 2, 3]) expect(recognize(turned(upright, quarters)).text).toContain('350 000 euros');
  });

  it('reads two columns one after the other, below a heading over both', { timeout: 60_000 }, async () => {
    const column = (name: string, left: number) =>
      Array.from({ length: 9 }, (_, line) =>
        text(160 + line * 14, `${name} ${line + 1} pays the whole sum in time`, left),
      );
    const page = recognize(
      await draw([
        text(110, 'Agreement between both of the parties that are named below'),
        ...column('Seller', 72),
        ...column('Buyer', 310),
      ]),
    );
    const found = page.text.match(/(?:Seller|Buyer) \d/g);
    expect(page.text.indexOf('both of the parties')).toBeGreaterThanOrEqual(0);
    expect(page.text.indexOf('both of the parties')).toBeLessThan(page.text.indexOf('Seller 1'));
    expect(found).toEqual(
      [...Array(9).keys()]
        .flatMap((line) => `Seller ${line + 1}`)
        .concat([...Array(9).keys()].map((line) => `Buyer ${line + 1}`)),
    );
  });

  it('tells of ink that is no print, and gives no text for noise', { timeout: 60_000 }, async () => {
    const signed = await draw(paragraph);
    // A pen's strokes, as thick as one.
    for (let stroke = 0; stroke < 1400; stroke += 1) {
      const [x, y] = [700 + stroke, 1500 + Math.round(Math.sin(stroke / 35) * 90)];
      for (let each = 0; each < 90; each += 1)
        signed.pixels[(y + Math.floor(each / 9)) * signed.width + x + (each % 9)] = 0;
    }
    expect(recognize(signed)).toMatchObject({ hasInkLeft: true, text: expect.stringContaining('within ten days') });
    const noise = await draw([]);
    let seed = 7;
    for (let at = 0; at < noise.pixels.length; at += 1) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      if (seed % 100 < 12) noise.pixels[at] = 0;
    }
    expect(recognize(noise).text).toBe('');
  });
});
