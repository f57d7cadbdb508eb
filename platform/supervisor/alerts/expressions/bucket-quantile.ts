/** A bucket of a histogram: how many values were at most `bound`. */
export interface Bucket {
  bound: number;
  count: number;
}

/** The value below which this share of all lies, by straight lines within buckets, as Prometheus has it; NaN without a last bucket or values. */
export function bucketQuantile(share: number, unsorted: readonly Bucket[]): number {
  const buckets = unsorted.toSorted((a, b) => a.bound - b.bound);
  const last = buckets.at(-1);
  if (!last || last.bound !== Number.POSITIVE_INFINITY || buckets.length < 2) return Number.NaN;
  // Rates of buckets that were read one after the other may fall a little.
  let most = 0;
  const rising = buckets.map(({ bound, count }) => {
    most = Math.max(most, count);
    return { bound, count: most };
  });
  if (most === 0) return Number.NaN;
  const rank = share * most;
  const index = rising.findIndex(({ count }) => count >= rank);
  const before = rising[index - 1] ?? { bound: 0, count: 0 };
  const found = rising[index] as Bucket;
  if (found.bound === Number.POSITIVE_INFINITY) return before.bound;
  if (index === 0 && found.bound <= 0) return found.bound;
  return before.bound + (found.bound - before.bound) * ((rank - before.count) / (found.count - before.count));
}
