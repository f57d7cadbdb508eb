import { createLocalBucket, type LocalBucket } from '../../../platform/capabilities/rates/index.ts';

/* What one process lets through by itself while Redis is unavailable: a quarter of each limit, at least one. */

export const quarterOf = (limit: number | undefined): number =>
  limit === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(limit / 4));

/** Takes one of so many calls a minute by a name. @param now milliseconds since the epoch */
export function createQuarterRates(now?: () => number): (name: string, rpm: number) => ReturnType<LocalBucket['take']> {
  const buckets = new Map<number, LocalBucket>();
  return (name, rpm) => {
    const bucket = buckets.get(rpm) ?? createLocalBucket(rpm / 240, Math.max(1, rpm / 4), now);
    buckets.set(rpm, bucket);
    return bucket.take(name);
  };
}
