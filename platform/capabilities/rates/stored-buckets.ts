import { createHash } from 'node:crypto';
import { lt } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { rateBuckets } from '../../../db/schema/platform/rate-buckets.ts';
import type { RateDecision, RatePolicy } from './rate-policy.ts';

export type StatementDatabase = Pick<Database, 'statement'>;

/**
 * Fills a bucket for the time since it was last taken from and takes one, if it has one. Rows of one bucket are locked
 * while that is decided, and no row comes back when it is refused, so nothing is written either.
 */
const take = `
  insert into rate_buckets as b (key, tokens, at) values ($1::text, $3::float8 - 1, statement_timestamp())
  on conflict (key) do update set
    tokens = least($3::float8, b.tokens + $2::float8 * greatest(extract(epoch from statement_timestamp() - b.at), 0)::float8) - 1,
    at = greatest(b.at, statement_timestamp())
  where b.tokens + $2::float8 * greatest(extract(epoch from statement_timestamp() - b.at), 0)::float8 >= 1
  returning tokens`;

/** Buckets in a table that is not logged: cheap to write, and gone with a crash of the server. */
export function createStoredBuckets(database: StatementDatabase, longestMs: number) {
  return async (policy: RatePolicy, key: string): Promise<RateDecision> => {
    const digest = createHash('sha256').update(`${policy.name} ${key}`).digest('base64url');
    const [row] = await inTime(
      database.statement<{ tokens: number }>(take, [digest, policy.rate, policy.burst]),
      longestMs,
    );
    const missing = row ? Math.max(0, 1 - row.tokens) : 1;
    return {
      allowed: row !== undefined,
      remaining: Math.floor(row?.tokens ?? 0),
      resetAt: Date.now() + (missing / policy.rate) * 1000,
    };
  };
}

/** A bucket that no one took from for so long is full: no limit is counted in more than a minute. */
const FULL_MS = 3_600_000;

/** Removes buckets that are full. @returns rows */
export const sweepBuckets = (database: Database, now: Date): Promise<number> =>
  database.transaction(async (tx) => {
    const full = await tx
      .delete(rateBuckets)
      .where(lt(rateBuckets.at, new Date(now.getTime() - FULL_MS)))
      .returning({ key: rateBuckets.key });
    return full.length;
  });

async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Take from bucket: the database did not answer')), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => {}); // comes when no one waits any more
  }
}
