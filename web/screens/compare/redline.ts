import type { Schemas } from '@pandect/client';

export type Comparison = Schemas['Comparison'];
export type Clause = Comparison['clauses'][number];

/** A stretch of a clause as it is read: what is kept, and what was inserted or removed. */
export interface Piece {
  kind: 'kept' | 'inserted' | 'removed';
  text: string;
}

/** A clause as what is kept, inserted and removed, in the order of reading. @param before, after the texts */
export function piecesOf({ before: old, after: now, edits }: Clause, before: string, after: string): Piece[] {
  if (!now) return [{ kind: 'removed', text: before.slice(old?.start, old?.end) }];
  if (!old) return [{ kind: 'inserted', text: after.slice(now.start, now.end) }];
  const pieces: Piece[] = [];
  let at = now.start;
  for (const [oldStart = 0, oldEnd = 0, nowStart = 0, nowEnd = 0] of edits) {
    pieces.push({ kind: 'kept', text: after.slice(at, nowStart) });
    pieces.push({ kind: 'removed', text: before.slice(oldStart, oldEnd) });
    pieces.push({ kind: 'inserted', text: after.slice(nowStart, nowEnd) });
    at = nowEnd;
  }
  pieces.push({ kind: 'kept', text: after.slice(at, now.end) });
  return pieces.filter(({ text }) => text !== '');
}

/** What the list shows: a clause, or how many unchanged ones are folded away. */
export type Row = { clause: Clause; index: number } | { folded: number; from: number };

/** Unchanged clauses on each side of a change stay, to show where it is. */
const AROUND = 1;
/** Fewer are not folded: a line that says so takes as much room. */
const LEAST_FOLDED = 3;

export const isChange = ({ change }: Clause): boolean => change !== 'same';

/** @param isWhole whether unchanged clauses are shown as well */
export function rowsOf(clauses: readonly Clause[], isWhole: boolean): Row[] {
  const shown = clauses.map(
    (_, at) => isWhole || clauses.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(isChange),
  );
  const rows: Row[] = [];
  for (let at = 0; at < clauses.length; ) {
    let end = at;
    while (end < clauses.length && !shown[end]) end += 1;
    if (end - at >= LEAST_FOLDED) {
      rows.push({ folded: end - at, from: at });
      at = end;
      continue;
    }
    const stop = Math.max(end, at + 1);
    for (; at < stop; at += 1) rows.push({ clause: clauses[at] as Clause, index: at });
  }
  return rows;
}

/** The row of the next change behind a row, or before it; the first or last one again at the end. -1 without any. */
export function nextChange(rows: readonly Row[], from: number, step: 1 | -1): number {
  for (let count = 1; count <= rows.length; count += 1) {
    const at = (from + step * count + rows.length * 2) % rows.length;
    const row = rows[at];
    if (row && 'clause' in row && isChange(row.clause)) return at;
  }
  return -1;
}
