import type { TopRow, Wake } from '../../supervisor/control/contract.ts';

/** What one unit did between two samples, and how it stands now. */
export interface Rate {
  name: string;
  kind: TopRow['kind'];
  instances: number;
  wanted: number;
  inFlight: number;
  /** Requests or jobs begun. */
  perSecond: number;
  /** Milliseconds that 95 of 100 answers or jobs stayed below; undefined when there were none. */
  p95: { ms: number; isLeast: boolean } | undefined;
  /** Of those answered; undefined when there were none. */
  failedShare: number | undefined;
  refusedPerSecond: number;
  memoryBytes: number;
  waiting: number | undefined;
  oldestSeconds: number | undefined;
  /** Wakes that are remembered, and the stages of the last one. */
  wakes: { count: number; last: Wake | undefined } | undefined;
}

/**
 * Compares two samples taken some seconds apart. Totals are those of living processes, so they fall when one is
 * replaced; then what was counted since is all that is known.
 */
export function rates(before: readonly TopRow[], after: readonly TopRow[], seconds: number): Rate[] {
  const earlier = new Map(before.map((row) => [row.name, row]));
  return after.map((row) => {
    const old = earlier.get(row.name);
    const grown = (of: (row: TopRow) => number) => Math.max(0, of(row) - (old ? of(old) : 0));
    const counts = row.durations.counts.map((count, index) => Math.max(0, count - (old?.durations.counts[index] ?? 0)));
    const answered = counts.reduce((sum, count) => sum + count, 0);
    return {
      name: row.name,
      kind: row.kind,
      instances: row.instances,
      wanted: row.wanted,
      inFlight: row.inFlight,
      perSecond: grown(({ begun }) => begun) / seconds,
      p95: quantile(0.95, row.durations.bounds, counts),
      failedShare: answered === 0 ? undefined : Math.min(1, grown(({ failed }) => failed) / answered),
      refusedPerSecond: grown(({ refused }) => refused) / seconds,
      memoryBytes: row.memoryBytes,
      waiting: row.waiting,
      oldestSeconds: row.oldestSeconds,
      wakes: row.wakes && { count: row.wakes.length, last: row.wakes.at(-1) },
    };
  });
}

/**
 * A quantile of times counted by bounds in seconds, as milliseconds; within a bucket the times count as evenly spread.
 * Above the last bound only that it is more is known.
 */
export function quantile(
  share: number,
  bounds: readonly number[],
  counts: readonly number[],
): { ms: number; isLeast: boolean } | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = share * total;
  let below = 0;
  for (const [index, bound] of bounds.entries()) {
    const count = counts[index] ?? 0;
    if (count > 0 && below + count >= rank) {
      const least = bounds[index - 1] ?? 0;
      const at = (least + (bound - least) * ((rank - below) / count)) * 1_000;
      return { ms: Math.round(at * 10) / 10, isLeast: false };
    }
    below += count;
  }
  return { ms: (bounds.at(-1) ?? 0) * 1_000, isLeast: true };
}
