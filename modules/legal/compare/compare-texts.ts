import { alignClauses } from './align-clauses.ts';
import { type Clause, clausesOf } from './clauses.ts';
import type { ClauseChange, ComparedClause, Comparison, Edit } from './contract.ts';
import { isWord, type Token, tokensOf } from './tokens.ts';
import { wordEdits } from './word-edits.ts';

/** Compares two texts clause by clause, and the words of each clause that both have. */
export function compareTexts(before: string, after: string): Comparison {
  const [old, now] = [clausesOf(before), clausesOf(after)];
  const { pairs, moved } = alignClauses(old, now);
  const origins = new Map([...pairs, ...moved].map(([from, to]) => [to, from]));
  const clauses: ComparedClause[] = [];
  let next = 0;
  /** Removed clauses up to this one. */
  const passOld = (end: number) => {
    for (; next < end; next += 1) {
      if (!pairs.has(next) && !moved.has(next)) clauses.push(only(old[next] as Clause, 'removed'));
    }
  };
  for (const [at, clause] of now.entries()) {
    const origin = origins.get(at);
    if (origin === undefined) {
      clauses.push(only(clause, 'inserted'));
      continue;
    }
    if (pairs.get(origin) === at) passOld(origin);
    clauses.push(both(old[origin] as Clause, clause, moved.get(origin) === at));
  }
  passOld(old.length);
  return { clauses: inReadingOrder(clauses), counts: countChanges(clauses, before, after) };
}

const only = ({ start, end, label }: Clause, change: 'inserted' | 'removed'): ComparedClause => ({
  change,
  label: label === '' ? null : label,
  before: change === 'removed' ? { start, end } : null,
  after: change === 'inserted' ? { start, end } : null,
  edits: [],
});

function both(old: Clause, now: Clause, isMoved: boolean): ComparedClause {
  const edits = wordEdits(old.tokens, now.tokens);
  const change = isMoved ? 'moved' : changeOf(old, now, edits);
  return {
    change,
    label: now.label === '' ? null : now.label,
    before: { start: old.start, end: old.end },
    after: { start: now.start, end: now.end },
    edits,
  };
}

function changeOf(old: Clause, now: Clause, edits: readonly Edit[]): ClauseChange {
  if (edits.length === 0) return 'same';
  return old.key === now.key && old.numbering > 0 && now.numbering > 0 ? 'renumbered' : 'changed';
}

/** Removed clauses stand before inserted ones that took their place. */
function inReadingOrder(clauses: readonly ComparedClause[]): ComparedClause[] {
  const ordered: ComparedClause[] = [];
  let inserted: ComparedClause[] = [];
  for (const clause of clauses) {
    if (clause.change === 'inserted') {
      inserted.push(clause);
      continue;
    }
    if (clause.change !== 'removed') {
      ordered.push(...inserted);
      inserted = [];
    }
    ordered.push(clause);
  }
  return [...ordered, ...inserted];
}

function countChanges(clauses: readonly ComparedClause[], before: string, after: string): Comparison['counts'] {
  const counts = { same: 0, renumbered: 0, changed: 0, moved: 0, inserted: 0, removed: 0 };
  const words = (text: string, start: number, end: number) =>
    tokensOf(text.slice(start, end), start).filter((token: Token) => isWord(token)).length;
  let [wordsInserted, wordsRemoved] = [0, 0];
  for (const { change, before: old, after: now, edits } of clauses) {
    counts[change] += 1;
    if (change === 'removed' && old) wordsRemoved += words(before, old.start, old.end);
    if (change === 'inserted' && now) wordsInserted += words(after, now.start, now.end);
    for (const [oldStart, oldEnd, nowStart, nowEnd] of edits) {
      wordsRemoved += words(before, oldStart, oldEnd);
      wordsInserted += words(after, nowStart, nowEnd);
    }
  }
  return { ...counts, wordsInserted, wordsRemoved };
}
