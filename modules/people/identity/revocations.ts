import { setTimeout as sleep } from 'node:timers/promises';
import { gt, lt, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { revocations } from '../../../db/schema/people/revocations.ts';
import { LONGEST_ACCESS_MINUTES } from '../../../platform/kernel/token-life.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';

/**
 * Access tokens are good until they expire, unless the person, the session or the organization they were issued for was named in
 * the database since. Every process keeps that short list and looks for news when it is asked and has not looked for a
 * second. What is older than any token can be is no one's concern any more.
 */

const FRESH_MS = 1_000;
/** Longest wait for news; afterwards, and while the database is unavailable, what was known last is used. */
const PATIENCE_MS = 500;
/** A transaction may commit so much later than the time that stands in its row. */
const OVERLAP_MS = 60_000;

const LONGEST_LIFE_MS = LONGEST_ACCESS_MINUTES * 60_000;

export interface Revocations {
  /** Whether a token for this caller, issued at this time in milliseconds since the epoch, is no longer good. */
  isRevoked(
    caller: Pick<Caller, 'userId' | 'organizationId' | 'sessionId'>,
    issuedAt: number,
  ): boolean | Promise<boolean>;
}

/** @param now milliseconds since the epoch */
export function createRevocations(database: Database, now: () => number = Date.now): Revocations {
  const known = new Map<string, number>();
  let newest = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const learn = async (): Promise<void> => {
    const since = new Date(Math.max(newest - OVERLAP_MS, now() - LONGEST_LIFE_MS));
    const rows = await database.transaction((tx) => tx.select().from(revocations).where(gt(revocations.at, since)));
    for (const { subject, at } of rows) {
      known.set(subject, at.getTime());
      newest = Math.max(newest, at.getTime());
    }
    for (const [subject, at] of known) if (at < now() - LONGEST_LIFE_MS) known.delete(subject);
  };
  const refresh = async (): Promise<void> => {
    // A database that hangs is asked once, not once a second.
    asking ??= learn()
      .catch(() => {}) // what was known last is used, and the next second asks again
      .finally(() => {
        asking = undefined;
        askedAt = now();
      });
    const waited = new AbortController();
    await Promise.race([asking, sleep(PATIENCE_MS, undefined, { signal: waited.signal, ref: false }).catch(() => {})]);
    waited.abort();
  };

  const isNamed: (...asked: Parameters<Revocations['isRevoked']>) => boolean = (caller, issuedAt) => {
    const isOlder = (subject: string) => issuedAt < (known.get(subject) ?? 0);
    const { userId, organizationId, sessionId } = caller;
    return isOlder(userId) || isOlder(organizationId) || (sessionId !== undefined && isOlder(sessionId));
  };

  return {
    isRevoked(caller, issuedAt) {
      if (now() - askedAt < FRESH_MS) return isNamed(caller, issuedAt);
      return refresh().then(() => isNamed(caller, issuedAt));
    },
  };
}

/**
 * Ends every access token of a person, of one session or of all of an organization, once this transaction commits. Whatever the tokens
 * depend on must be locked before, as a sign-in locks it, so that no token is issued in the meantime from what was before.
 * @returns from when on new tokens are good
 */
export async function revokeTokens(tx: Transaction, subject: string): Promise<Date> {
  // A token of this very millisecond is from before.
  const at = new Date(Date.now() + 1);
  await tx
    .insert(revocations)
    .values({ subject, at })
    .onConflictDoUpdate({ target: revocations.subject, set: { at: sql`greatest(${revocations.at}, excluded.at)` } });
  return at;
}

/** Removes what no access token can be as old as. @returns how many rows went */
export async function forgetRevocations(tx: Transaction, now: Date): Promise<number> {
  const gone = await tx
    .delete(revocations)
    .where(lt(revocations.at, new Date(now.getTime() - LONGEST_LIFE_MS)))
    .returning();
  return gone.length;
}
