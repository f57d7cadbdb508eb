import { describe, expect, it } from 'vitest';
import { type Clause, nextChange, piecesOf, rowsOf } from './redline.ts';

const clause = (change: Clause['change'], more: Partial<Clause> = {}): Clause => ({
  ...{ change, label: null, before: null, after: null, edits: [] },
  ...more,
});
const same = (count: number) => Array.from({ length: count }, () => clause('same'));

describe('the pieces of a clause', () => {
  const [before, after] = ['1. Rent is 500 euros.', '1. The rent is 600 euros.'];

  it('are what was kept, removed and inserted, in order', () => {
    const edits = [
      [3, 7, 3, 11],
      [11, 14, 15, 18],
    ];
    const whole = { before: { start: 0, end: before.length }, after: { start: 0, end: after.length } };
    expect(piecesOf(clause('changed', { ...whole, edits }), before, after)).toEqual([
      { kind: 'kept', text: '1. ' },
      { kind: 'removed', text: 'Rent' },
      { kind: 'inserted', text: 'The rent' },
      { kind: 'kept', text: ' is ' },
      { kind: 'removed', text: '500' },
      { kind: 'inserted', text: '600' },
      { kind: 'kept', text: ' euros.' },
    ]);
  });

  it('are one piece where only one text has the clause', () => {
    expect(piecesOf(clause('removed', { before: { start: 0, end: 2 } }), before, after)).toEqual([
      { kind: 'removed', text: '1.' },
    ]);
    expect(piecesOf(clause('inserted', { after: { start: 3, end: 6 } }), before, after)).toEqual([
      { kind: 'inserted', text: 'The' },
    ]);
  });
});

describe('the rows of a comparison', () => {
  const clauses = [...same(5), clause('changed'), ...same(2), clause('inserted'), ...same(4)];
  const shape = (isWhole: boolean) =>
    rowsOf(clauses, isWhole).map((row) => ('clause' in row ? row.clause.change : row.folded));

  it('fold what did not change, but for what stands next to a change', () => {
    expect(shape(false)).toEqual([4, 'same', 'changed', 'same', 'same', 'inserted', 'same', 3]);
    expect(shape(true)).toHaveLength(clauses.length);
  });

  it('lead from change to change, and around at the end', () => {
    const rows = rowsOf(clauses, false);
    expect([nextChange(rows, -1, 1), nextChange(rows, 2, 1), nextChange(rows, 5, 1)]).toEqual([2, 5, 2]);
    expect([nextChange(rows, 5, -1), nextChange(rows, 2, -1)]).toEqual([2, 5]);
    expect(nextChange(rowsOf(same(4), true), 0, 1)).toBe(-1);
  });
});
