import { diffArrays } from 'diff';
import type { Edit } from './contract.ts';
import type { Token } from './tokens.ts';

/** Insertions and deletions within one pair of clauses; beyond it one stands for the other as a whole. */
const mostEdits = 1_500;
/** Single signs and short words that happen to be kept between two edits belong to one larger edit. */
const shortestKept = 2;

/** Where two clauses differ, in order. White space alone makes no difference. */
export function wordEdits(before: readonly Token[], after: readonly Token[]): Edit[] {
  const changes = diffArrays(
    before.map(({ text }) => text),
    after.map(({ text }) => text),
    { maxEditLength: mostEdits },
  );
  if (!changes) return [toEdit(before, after, { from: 0, to: before.length }, { from: 0, to: after.length })];
  const hunks: { old: Range; new: Range }[] = [];
  let [old, now] = [0, 0];
  for (const { added, removed, count } of changes) {
    const last = hunks.at(-1);
    if (!added && !removed) {
      old += count;
      now += count;
      continue;
    }
    const kept = last ? now - last.new.to : Number.POSITIVE_INFINITY;
    if (last && (kept === 0 || (kept < shortestKept && isSign(after.slice(last.new.to, now))))) {
      last.old.to = old + (removed ? count : 0);
      last.new.to = now + (added ? count : 0);
    } else {
      hunks.push({
        old: { from: old, to: old + (removed ? count : 0) },
        new: { from: now, to: now + (added ? count : 0) },
      });
    }
    if (removed) old += count;
    else now += count;
  }
  return hunks.map((hunk) => toEdit(before, after, hunk.old, hunk.new));
}

/** Numbers of tokens; `to` is just behind the last. */
interface Range {
  from: number;
  to: number;
}

const isSign = (kept: readonly Token[]) => kept.every(({ text }) => !/[\p{L}\p{N}]/u.test(text));

function toEdit(before: readonly Token[], after: readonly Token[], old: Range, now: Range): Edit {
  // What was only inserted or removed goes with the space behind it, so that the words around it stay apart.
  const isWhole = old.from === old.to || now.from === now.to;
  return [...spanOf(before, old, isWhole), ...spanOf(after, now, isWhole)];
}

function spanOf(tokens: readonly Token[], { from, to }: Range, withSpace: boolean): [number, number] {
  const next = tokens[to];
  const last = tokens[to - 1];
  if (from === to) {
    const at = next?.start ?? last?.end ?? 0;
    return [at, at];
  }
  const end = withSpace && next ? next.start : (last as Token).end;
  return [(tokens[from] as Token).start, end];
}
