import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarkers } from './read-markers.ts';

const numbersOf = (answer: string) => [...readMarkers(answer)].slice(0, -1).map(({ numbers }) => numbers);

describe('markers', () => {
  it('belong to the text since the marker before, or share its statement when they follow at once', () => {
    expect([...readMarkers('Rent is due [1]. Roof: landlord [2] [3].')]).toEqual([
      { before: 'Rent is due ', statement: 'Rent is due ', numbers: [1] },
      { before: '. Roof: landlord ', statement: '. Roof: landlord ', numbers: [2] },
      { before: ' ', statement: '. Roof: landlord ', numbers: [3] },
      { before: '.', statement: '', numbers: [] },
    ]);
  });

  it.each([
    ['[1, 3; 5]', [[1, 3, 5]]],
    ['[2-4]', [[2, 3, 4]]],
    ['[4-2]', [[4, 2]]],
    ['[1-900000]', [[1, 900_000]]],
    ['[007]', [[7]]],
    ['[1.5] [x] [] [1000000]', []],
  ])('in %s name %j', (answer, numbers) => {
    expect(numbersOf(answer)).toEqual(numbers);
  });

  it('lose none of the text around them', () => {
    const text = fc.string().map((any) => any.replaceAll(/[[\]]/g, ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.constantFrom('[1]', '[2, 3]', '[4][5]'))), (pieces) => {
        const answer = pieces.flat().join('');
        const around = [...readMarkers(answer)].map(({ before }) => before).join('');
        expect(around).toBe(pieces.map(([words]) => words).join(''));
      }),
    );
  });
});
