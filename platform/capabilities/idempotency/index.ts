import { createHash } from 'node:crypto';
import { and, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { idempotencyKeys } from '../../../db/schema/platform/idempotency-keys.ts';
import { Problem } from '../../kernel/problem.ts';
import { idempotencyConflict, idempotencyMismatch } from '../../kernel/problems.ts';
import { announce } from '../feed/index.ts';

export { sweepIdempotencyKeys } from './sweep-keys.ts';

/** While a request is worked on, its key is marked again so often. */
const MARK_MS = 3_000;
/** One that was not marked for so long was cut off, by the end of its process or of the database; it may be taken over. */
const ABANDONED_SECONDS = 10;

/** The account whose keys are compared; a key means nothing to others. */
export interface RequestOwner {
  organizationId: string;
  userId: string;
}

export interface IdempotentRequest {
  /** The client's `Idempotency-Key`; without one the work simply runs. */
  key: string | undefined;
  /** Digest of what is asked for; empty without a key, as nothing is compared then. */
  fingerprint: string;
}

/** A key is the caller's own over all operations, so the operation is part of what is `asked` for. */
export const idempotentRequest = (key: string | undefined, ...asked: unknown[]): IdempotentRequest => ({
  key,
  fingerprint: key === undefined ? '' : createHash('sha256').update(JSON.stringify(asked)).digest('hex'),
});

/**
 * Stores the result of work, in the transaction that makes it so: neither is there without the other. Plain JSON only.
 * @throws Problem idempotency-conflict when a later request took the key over, so that what this one did is undone
 */
export type Keep<T> = (tx: Transaction, result: T) => Promise<void>;

const conflict = () => new Problem(idempotencyConflict, { headers: { 'retry-after': '1' } });

export interface Idempotency {
  /**
   * Runs `work`, which must call `keep` before it ends, once for a key: later requests get the first one's result, also
   * over a lost connection. Failed work leaves no trace, so that it can be tried again.
   * @throws Problem idempotency-conflict while the first request runs, idempotency-mismatch for another request
   */
  once<T>(owner: RequestOwner, request: IdempotentRequest, work: (keep: Keep<T>) => Promise<T>): Promise<T>;
  /**
   * The same for work that yields events on its way; a stored result comes without them. Work whose reader leaves has failed.
   * The work is told the id of its run, by which `look` names it.
   */
  stream<E, T>(
    owner: RequestOwner,
    request: IdempotentRequest,
    work: (keep: Keep<T>, run: string) => AsyncGenerator<E, T>,
  ): AsyncGenerator<E, T>;
  /** How the request with a key stands; undefined for a key that is not known, such as that of failed work. */
  look(owner: RequestOwner, key: string): Promise<RequestState | undefined>;
  /**
   * Asks the work of a key to stop, which the feed tells it under `stopTopic` by its run. Work that has ended stays as it is.
   * @returns false for a key that is not known
   */
  stop(owner: RequestOwner, key: string): Promise<boolean>;
}

/** `running` → `done`, or gone when it fails; `abandoned`: its process was cut off, and the next request takes the key over. */
export interface RequestState {
  state: 'running' | 'abandoned' | 'done';
  fingerprint: string;
  /** Of the attempt that has the key. */
  run: string;
  isStopAsked: boolean;
  /** Only when it is done. */
  result: unknown;
}

/** Changes of a run, by its id. */
export const stopTopic = 'request_stop';

/** @param markMs milliseconds between two marks; 3,000 unless told */
export function createIdempotency(database: Database, markMs = MARK_MS): Idempotency {
  return {
    async once(owner, request, work) {
      await using claim = await claimKey(database, owner, request, markMs);
      return claim.stored ? (claim.result as never) : claim.finish(await work(claim.keep));
    },
    async *stream(owner, request, work) {
      await using claim = await claimKey(database, owner, request, markMs);
      return claim.stored ? (claim.result as never) : claim.finish(yield* work(claim.keep, claim.run));
    },
    look: ({ organizationId, userId }, key) =>
      database.tenant(organizationId, async (tx) => {
        const [row] = await tx
          .select({ ...getTableColumns(idempotencyKeys), isAbandoned })
          .from(idempotencyKeys)
          .where(isOf({ organizationId, userId, key }));
        if (!row) return undefined;
        const { fingerprint, run, result, stopAskedAt } = row;
        const state = result !== null ? 'done' : row.isAbandoned ? 'abandoned' : 'running';
        return { state, fingerprint, run, isStopAsked: stopAskedAt !== null, result };
      }),
    stop: ({ organizationId, userId }, key) =>
      database.tenant(organizationId, async (tx) => {
        const [row] = await tx
          .update(idempotencyKeys)
          .set({ stopAskedAt: sql`now()` })
          .where(isOf({ organizationId, userId, key }))
          .returning({ run: idempotencyKeys.run });
        if (row) await announce(tx, stopTopic, row.run);
        return row !== undefined;
      }),
  };
}

/** A key that is held for one run of the work, or the result that an earlier run stored under it. */
type Claim = AsyncDisposable &
  ({ stored: true; result: unknown } | { stored: false; run: string; keep: Keep<unknown>; finish<T>(result: T): T });

const freeClaim = (): Claim => ({
  stored: false,
  run: crypto.randomUUID(),
  keep: async () => {},
  finish: (result) => result,
  [Symbol.asyncDispose]: async () => {},
});

/** Gives up the key when it is disposed of before `finish`. */
async function claimKey(
  database: Database,
  { organizationId, userId }: RequestOwner,
  { key, fingerprint }: IdempotentRequest,
  markMs: number,
): Promise<Claim> {
  if (key === undefined) return freeClaim();
  const run = crypto.randomUUID();
  const earlier = await takeKey(database, { organizationId, userId, key, fingerprint, run });
  if (earlier) {
    if (earlier.fingerprint !== fingerprint) throw new Problem(idempotencyMismatch);
    if (earlier.result === null) throw conflict();
    return { stored: true, result: earlier.result, [Symbol.asyncDispose]: async () => {} };
  }
  // An attempt that took too long may have lost the key to a later one.
  const unfinished = and(
    isOf({ organizationId, userId, key }),
    eq(idempotencyKeys.run, run),
    isNull(idempotencyKeys.result),
  );
  const marking = setInterval(() => {
    const mark = { createdAt: sql`now()` };
    // Anyone who takes over a key that could not be marked is noticed by `keep`.
    database.tenant(organizationId, (tx) => tx.update(idempotencyKeys).set(mark).where(unfinished)).catch(() => {});
  }, markMs);
  let finished = false;
  return {
    stored: false,
    run,
    async keep(tx, result) {
      const kept = await tx
        .update(idempotencyKeys)
        .set({ result: result as object })
        .where(unfinished)
        .returning();
      if (kept.length === 0) throw conflict();
    },
    finish(result) {
      finished = true;
      return result;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(marking);
      if (finished) return;
      // One that cannot be given up is abandoned, and what the work threw says more than this failure.
      await database.tenant(organizationId, (tx) => tx.delete(idempotencyKeys).where(unfinished)).catch(() => {});
    },
  };
}

const isOf = ({ organizationId, userId, key }: RequestOwner & { key: string }) =>
  and(
    eq(idempotencyKeys.organizationId, organizationId),
    eq(idempotencyKeys.userId, userId),
    eq(idempotencyKeys.key, key),
  );

const isAbandoned = sql<boolean>`${idempotencyKeys.createdAt} < now() - make_interval(secs => ${ABANDONED_SECONDS})`;

/** Takes a key that is new or abandoned. @returns the row of the request that has it otherwise */
const takeKey = (database: Database, own: typeof idempotencyKeys.$inferInsert) =>
  database.tenant(own.organizationId, async (tx) => {
    await tx.delete(idempotencyKeys).where(and(isOf(own), isNull(idempotencyKeys.result), isAbandoned));
    const taken = await tx.insert(idempotencyKeys).values(own).onConflictDoNothing().returning();
    if (taken.length > 0) return undefined;
    const [row] = await tx.select().from(idempotencyKeys).where(isOf(own));
    return row;
  });
