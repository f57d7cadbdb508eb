/** Flattens the difference between first places; 60 is the value of the paper (Cormack, Clarke, Büttcher 2009). */
const defaultK = 60;

/**
 * Reciprocal rank fusion: an item scores the sum of 1 / (k + place) over the lists that hold it, places from 1. Best
 * first, at most `limit`; of equal items the one met first in the lists, taken in their order, comes first.
 */
export function fuse<T>(lists: readonly (readonly T[])[], limit: number, k = defaultK): { item: T; score: number }[] {
  const scores = new Map<T, number>();
  for (const list of lists) {
    for (const [index, item] of list.entries()) scores.set(item, (scores.get(item) ?? 0) + 1 / (k + index + 1));
  }
  return [...scores]
    .map(([item, score]) => ({ item, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, Math.max(0, limit));
}
