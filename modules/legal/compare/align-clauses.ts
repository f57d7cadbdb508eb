import { diffArrays } from 'diff';
import type { Clause } from './clauses.ts';

/** Numbers of clauses that are one and the same, by the number of the clause before. */
export interface Aligned {
  /** In the same order in both texts. */
  pairs: Map<number, number>;
  /** At another place among the others. */
  moved: Map<number, number>;
}

/** Of insertions and deletions of whole clauses. */
const mostEdits = 3_000;
/** Clauses of both sides that are compared each with each. */
const mostProducts = 40_000;
/** Share of words that two forms of a clause have in common. */
const alike = 0.5;
/** The same number and title say that a clause was rewritten. */
const alikeUnderSameLabel = 0.2;
const alikeElsewhere = 0.8;
/** Shorter ones are found everywhere: «Не применимо». In tokens. */
const leastMoved = 8;

/**
 * Equal clauses are found first, as lines in a comparison of files; between them the most similar ones go together in their order.
 * Of what is left, equal or very similar ones at other places have moved.
 */
export function alignClauses(before: readonly Clause[], after: readonly Clause[]): Aligned {
  const pairs = equalPairs(before, after);
  const anchors = [...pairs].sort(([a], [b]) => a - b);
  let [old, now] = [0, 0];
  for (const [oldEnd, nowEnd] of [...anchors, [before.length, after.length] as const]) {
    for (const [a, b] of similarPairs(before, after, range(old, oldEnd), range(now, nowEnd))) pairs.set(a, b);
    old = oldEnd + 1;
    now = nowEnd + 1;
  }
  return { pairs, moved: movedPairs(before, after, pairs) };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

function equalPairs(before: readonly Clause[], after: readonly Clause[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const changes = diffArrays(
    before.map(({ key }) => key),
    after.map(({ key }) => key),
    { maxEditLength: mostEdits },
  );
  let [old, now] = [0, 0];
  for (const { added, removed, count } of changes ?? []) {
    if (!added && !removed) for (let each = 0; each < count; each += 1) pairs.set(old + each, now + each);
    if (!added) old += count;
    if (!removed) now += count;
  }
  return pairs;
}

/** The pairs in order with the most in common; where there are too many clauses for that, those with equal labels. */
function similarPairs(
  before: readonly Clause[],
  after: readonly Clause[],
  old: readonly number[],
  now: readonly number[],
): [number, number][] {
  if (old.length === 0 || now.length === 0) return [];
  if (old.length * now.length > mostProducts) return labelPairs(before, after, old, now);
  const bags = { old: old.map((at) => bagOf(before[at] as Clause)), now: now.map((at) => bagOf(after[at] as Clause)) };
  const worth = (row: number, column: number): number => {
    const [a, b] = [before[old[row] as number] as Clause, after[now[column] as number] as Clause];
    const share = commonShare(bags.old[row] as Bag, bags.now[column] as Bag);
    const isSame = a.label !== '' && a.label === b.label;
    return share >= (isSame ? alikeUnderSameLabel : alike) ? share + (isSame ? 0.5 : 0) : 0;
  };
  const width = now.length + 1;
  const best = new Float64Array((old.length + 1) * width);
  const worths = new Float64Array(old.length * now.length);
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const own = worth(row, column);
      worths[row * now.length + column] = own;
      const paired = own > 0 ? own + (best[(row + 1) * width + column + 1] as number) : 0;
      best[row * width + column] = Math.max(
        paired,
        best[(row + 1) * width + column] as number,
        best[row * width + column + 1] as number,
      );
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < old.length && column < now.length; ) {
    const here = best[row * width + column] as number;
    const own = worths[row * now.length + column] as number;
    if (own > 0 && here === own + (best[(row + 1) * width + column + 1] as number)) {
      pairs.push([old[row] as number, now[column] as number]);
      row += 1;
      column += 1;
    } else if (here === best[(row + 1) * width + column]) row += 1;
    else column += 1;
  }
  return pairs;
}

function labelPairs(
  before: readonly Clause[],
  after: readonly Clause[],
  old: readonly number[],
  now: readonly number[],
): [number, number][] {
  const places = new Map<string, number>();
  for (const at of now) {
    const { label } = after[at] as Clause;
    if (label !== '' && !places.has(label)) places.set(label, at);
  }
  const pairs: [number, number][] = [];
  for (const at of old) {
    const found = places.get((before[at] as Clause).label);
    if (found !== undefined && found > (pairs.at(-1)?.[1] ?? -1)) pairs.push([at, found]);
  }
  return pairs;
}

function movedPairs(before: readonly Clause[], after: readonly Clause[], pairs: ReadonlyMap<number, number>) {
  const taken = new Set(pairs.values());
  const isLong = ({ tokens }: Clause) => tokens.length >= leastMoved;
  const old = range(0, before.length).filter((at) => !pairs.has(at) && isLong(before[at] as Clause));
  const now = range(0, after.length).filter((at) => !taken.has(at) && isLong(after[at] as Clause));
  const moved = new Map<number, number>();
  const free = new Map<string, number[]>();
  for (const at of now) {
    const { key } = after[at] as Clause;
    free.set(key, [...(free.get(key) ?? []), at]);
  }
  const used = new Set<number>();
  for (const at of old) {
    const found = free.get((before[at] as Clause).key)?.shift();
    if (found === undefined) continue;
    moved.set(at, found);
    used.add(found);
  }
  const [oldLeft, nowLeft] = [old.filter((at) => !moved.has(at)), now.filter((at) => !used.has(at))];
  if (oldLeft.length * nowLeft.length > mostProducts) return moved;
  const bags = new Map(nowLeft.map((at) => [at, bagOf(after[at] as Clause)]));
  for (const at of oldLeft) {
    const own = bagOf(before[at] as Clause);
    let best: { at: number; share: number } | undefined;
    for (const [other, bag] of bags) {
      const share = commonShare(own, bag);
      if (share >= alikeElsewhere && share > (best?.share ?? 0)) best = { at: other, share };
    }
    if (!best) continue;
    moved.set(at, best.at);
    bags.delete(best.at);
  }
  return moved;
}

interface Bag {
  counts: Map<string, number>;
  size: number;
}

function bagOf({ tokens }: Clause): Bag {
  const counts = new Map<string, number>();
  for (const { text } of tokens) counts.set(text, (counts.get(text) ?? 0) + 1);
  return { counts, size: tokens.length };
}

/** Dice's coefficient, 0 to 1. */
function commonShare(a: Bag, b: Bag): number {
  if (Math.min(a.size, b.size) * 4 < Math.max(a.size, b.size)) return 0;
  const [small, large] = a.counts.size < b.counts.size ? [a.counts, b.counts] : [b.counts, a.counts];
  let common = 0;
  for (const [word, count] of small) common += Math.min(count, large.get(word) ?? 0);
  return (2 * common) / (a.size + b.size);
}
