import type { Redis } from '../redis.ts';
import { createCachedBuckets } from './cached-buckets.ts';
import { createLocalBucket, type LocalBucket } from './local-bucket.ts';
import { createPause } from './pause.ts';
import type { Counted, RateDecision, RatePolicy } from './rate-policy.ts';
import { createStoredBuckets, type StatementDatabase } from './stored-buckets.ts';

export interface RateLimiter {
  /** One request of `key`, such as an address. Answers within 100 ms, whatever is unavailable. */
  check(policy: RatePolicy, key: string): Promise<RateDecision>;
  /**
   * One request that several buckets count, in one round trip: it is taken from all of them, or from none.
   * @returns decisions in the order of the buckets, up to the first refusal at least
   */
  checkAll(counted: readonly Counted[]): Promise<RateDecision[]>;
  /**
   * Until when this process would refuse requests of `key` without asking anyone, in milliseconds since the epoch; undefined when it
   * would ask. Takes nothing.
   */
  spentUntil(policy: RatePolicy, key: string): number | undefined;
}

/** Between two looks at what did not answer; those who come in the meantime do without it at once. */
const PAUSE_MS = 1_000;

/**
 * Token buckets that all processes share, in Redis; while that is unavailable in PostgreSQL; and while both are, each process
 * has a bucket of its own with a quarter of the rate, so that several together stay near the limit instead of
 * multiplying it.
 *
 * Anyone who sends one process alone more than the limit is refused by a bucket in its memory. That one is never emptier
 * than the shared bucket: both fill alike, and what the shared one refuses is put back. So it refuses nothing that
 * the shared one would admit.
 */
export function createRateLimiter({
  redis,
  prefix,
  database,
  databaseMs = 40,
}: {
  redis: Redis;
  prefix: string;
  /** Without one, each process is by itself as soon as Redis is unavailable. */
  database?: StatementDatabase | undefined;
  /** The longest that a request waits for it: a lost server is noticed after seconds. */
  databaseMs?: number;
}): RateLimiter {
  const cached = createCachedBuckets(redis, prefix);
  const stored = database && inTurn(createStoredBuckets(database, databaseMs));
  const sources = [cached, ...(stored ? [stored] : [])].map((take) => ({ take, pause: createPause(PAUSE_MS) }));
  const shields = createBuckets(({ rate, burst }) => createLocalBucket(rate, burst));
  const quarters = createBuckets(({ rate, burst }) => createLocalBucket(rate / 4, Math.max(1, burst / 4)));

  const decide = async (counted: readonly Counted[]): Promise<RateDecision[]> => {
    for (const { take, pause } of sources) {
      if (!pause.isOver()) continue;
      try {
        const decisions = await take(counted);
        pause.end();
        return decisions;
      } catch {
        pause.begin();
      }
    }
    return takeAll(quarters, counted);
  };
  const checkAll = async (counted: readonly Counted[]): Promise<RateDecision[]> => {
    const first = takeAll(shields, counted);
    if (!first.every(isAllowed)) return first;
    const decisions = await decide(counted);
    if (!decisions.every(isAllowed)) putBack(shields, counted);
    return decisions;
  };
  return {
    checkAll,
    check: async (policy, key) => (await checkAll([{ policy, key }]))[0] as RateDecision,
    spentUntil: (policy, key) => shields(policy).spentUntil(key),
  };
}

type BucketsOf = (policy: RatePolicy) => LocalBucket;

function createBuckets(make: BucketsOf): BucketsOf {
  const made = new Map<string, LocalBucket>();
  return (policy) => {
    const bucket = made.get(policy.name) ?? make(policy);
    made.set(policy.name, bucket);
    return bucket;
  };
}

function takeAll(bucketsOf: BucketsOf, counted: readonly Counted[]): RateDecision[] {
  const decisions: RateDecision[] = [];
  for (const { policy, key } of counted) {
    const decision = bucketsOf(policy).take(key);
    if (!decision.allowed) putBack(bucketsOf, counted.slice(0, decisions.length));
    decisions.push(decision);
    if (!decision.allowed) break;
  }
  return decisions;
}

function putBack(bucketsOf: BucketsOf, counted: readonly Counted[]): void {
  for (const { policy, key } of counted) bucketsOf(policy).putBack(key);
}

/** One after the other up to the first refusal. What was taken before it stays taken: rows cannot be put back without a lock. */
function inTurn(take: (policy: RatePolicy, key: string) => Promise<RateDecision>) {
  return async (counted: readonly Counted[]): Promise<RateDecision[]> => {
    const decisions: RateDecision[] = [];
    for (const { policy, key } of counted) {
      const decision = await take(policy, key);
      decisions.push(decision);
      if (!decision.allowed) break;
    }
    return decisions;
  };
}

const isAllowed = ({ allowed }: RateDecision): boolean => allowed;
