import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../db/client.ts';
import type {
  Idempotency,
  IdempotentRequest,
  Keep,
  RequestOwner,
} from '../../../platform/capabilities/idempotency/index.ts';
import { isProblem } from '../../../platform/kernel/problem.ts';
import { idempotencyConflict } from '../../../platform/kernel/problems.ts';
import type { CallMetering } from '../../commerce/metering/calls/contract.ts';
import type { BegunAnswer, WholeAnswer } from '../routing/contract.ts';
import { recordStream } from './record-stream.ts';
import { type StoredAnswer, storeAnswer } from './stored-answer.ts';

/** An answer that is larger is given once, and not kept. */
const MOST_BYTES = 4_194_304;
/** Between two looks for the result of the first request. */
const LOOK_MS = 200;

type Answer = (WholeAnswer | BegunAnswer) & { isComplete(): boolean; settled: Promise<unknown> };

interface OnceDeps {
  database: Database;
  idempotency: Idempotency;
  metering: Pick<CallMetering, 'flush'>;
}

/**
 * Makes a call once for an `Idempotency-Key`: a later request gets the stored answer, one at the same time waits for it. A call that
 * failed, or broke off, leaves no trace and may be made again under its key, as soon as it is on the books.
 * @throws Problem idempotency-mismatch, and what `call` throws; the signal's reason once it aborts
 */
export async function callOnce<A extends Answer>(
  deps: OnceDeps,
  { caller: owner, request, signal }: { caller: RequestOwner; request: IdempotentRequest; signal: AbortSignal },
  call: () => Promise<A>,
): Promise<{ stored: StoredAnswer } | { made: A }> {
  while (true) {
    const run = deps.idempotency.stream<A, StoredAnswer>(owner, request, (keep) =>
      callAndKeep(deps, owner, keep, call),
    );
    try {
      const first = await run.next();
      if (first.done) return { stored: first.value };
      const kept = run.next().catch(() => {});
      // A whole answer is known under its key before its caller has it.
      if (first.value.kind === 'whole') await kept;
      return { made: first.value };
    } catch (error) {
      if (!isProblem(error, idempotencyConflict)) throw error;
      await sleep(LOOK_MS, undefined, { signal });
    }
  }
}

async function* callAndKeep<A extends Answer>(
  { database, metering }: OnceDeps,
  { organizationId }: RequestOwner,
  keep: Keep<StoredAnswer>,
  call: () => Promise<A>,
): AsyncGenerator<A, StoredAnswer> {
  try {
    const answer = await call();
    const recorded =
      answer.kind === 'whole'
        ? { body: answer.body }
        : recordStream(answer.bytes, { most: MOST_BYTES, continues: true });
    yield { ...answer, ...('bytes' in recorded && { bytes: recorded.bytes }) };
    const body = await recorded.body;
    await answer.settled;
    if (!body || body.length > MOST_BYTES || !answer.isComplete())
      throw new Error('Keep answer: it broke off, or is too large');
    const stored = storeAnswer(answer, body);
    await database.tenant(organizationId, (tx) => keep(tx, stored));
    return stored;
  } catch (error) {
    // Attempts under the same key are counted on from those that are on the books.
    await metering.flush().catch(() => {});
    throw error;
  }
}
