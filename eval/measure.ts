import type { Query } from './data-set.ts';

/** Places of the list that measures look at. */
export const depths = [1, 5, 10, 20] as const;

/** A stretch that was returned, in the offsets of its document's file. */
export interface Returned {
  documentId: string;
  start: number;
  end: number;
}

/** A span that is longer than this counts as found when half of so many characters are. */
const longestSpan = 500;

/** What the first `k` of a list hold of what answers a question; each from 0 to 1. */
export interface Retrieved {
  /** One of them is of a right document. */
  doc: number;
  /** One of the spans is overlapped by half of its length. */
  hit: number;
  /** Share of the spans' characters that they hold: recall. */
  cov: number;
  /** Share of their characters that answer: precision. */
  prec: number;
}

export function measureRetrieval(query: Query, returned: readonly Returned[], k: number): Retrieved {
  const first = returned.slice(0, k);
  const own = union(first.filter(({ documentId }) => documentId === query.documentId));
  const found = query.spans.map(([start, end]) => ({
    length: end - start,
    covered: own.reduce((sum, part) => sum + Math.max(0, Math.min(end, part.end) - Math.max(start, part.start)), 0),
  }));
  const covered = found.reduce((sum, each) => sum + each.covered, 0);
  const characters = first.reduce((sum, { start, end }) => sum + end - start, 0);
  return {
    doc: Number(first.some(({ documentId }) => query.relevant.has(documentId))),
    hit: Number(found.some((each) => each.covered >= 0.5 * Math.min(each.length, longestSpan))),
    cov: covered / found.reduce((sum, { length }) => sum + length, 0),
    prec: characters === 0 ? 0 : covered / characters,
  };
}

/** The same characters as stretches that do not overlap. */
function union(stretches: readonly Returned[]): Returned[] {
  const merged: Returned[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && stretch.start <= last.end) last.end = Math.max(last.end, stretch.end);
    else merged.push({ ...stretch });
  }
  return merged;
}

/** Whether one of the citations overlaps a span that answers. */
export const citesAnswer = (query: Query, citations: readonly Returned[]): boolean =>
  citations.some(
    ({ documentId, start, end }) =>
      documentId === query.documentId && query.spans.some(([from, to]) => start < to && from < end),
  );

/** The groups that a question counts in: all, its language, and its kind where a language has few kinds. */
export function groupsOf(query: Query, kinds: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const few = (kinds.get(query.language)?.size ?? 0) <= 8;
  return ['all', query.language, ...(few ? [`${query.language}-${query.kind}`] : [])];
}

export function kindsByLanguage(queries: readonly Query[]): Map<string, Set<string>> {
  const kinds = new Map<string, Set<string>>();
  for (const { language, kind } of queries) kinds.set(language, (kinds.get(language) ?? new Set()).add(kind));
  return kinds;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
