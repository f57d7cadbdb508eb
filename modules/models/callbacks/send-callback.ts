import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { type CallbackState, callbacks } from '../../../db/schema/models/callbacks.ts';
import { FinalFailure } from '../../../platform/capabilities/queue/index.ts';
import { signMessage } from '../../../platform/capabilities/webhooks/index.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { retryDelayMs } from '../calls/retry-delay.ts';
import type { RunEnd } from '../calls/run-call.ts';
import { callbackMistake } from './check-callback-url.ts';
import { type SecretSeal, signingSecrets } from './webhook-secret.ts';

export interface CallbackDeps {
  database: Database;
  seal: SecretSeal;
  /** Calls only public addresses of allowed hosts, and follows no redirect. */
  outbound: typeof fetch;
  allowedHosts: readonly string[];
}

/** Milliseconds for the whole answer, which nothing is read of. */
const TIMEOUT_MS = 10_000;
/** No process that lives has a callback for longer. */
const CLAIM_MS = TIMEOUT_MS + 5_000;
const TRIED_HOURS = 24;
const LONGEST_WAIT_MS = 3_600_000;
/** Attempts in a row whose end is not known: the receiver may have had each of them. */
const MOST_UNKNOWN = 1;

/** It was tried for a day, or its receiver may have had it twice: operators find its job among the dead ones. */
export class CallbackDead extends FinalFailure {
  override readonly name = 'CallbackDead';
}

type CallbackRow = typeof callbacks.$inferSelect;
type Claim = { kind: 'claimed'; row: CallbackRow; secrets: string[] } | { kind: 'dead' } | RunEnd;

/**
 * waiting → delivered | dead. A claim is written down before each try and its end afterwards: of a process that is killed in between the
 * receiver may have had the message, so that one more try follows and no other.
 * @throws CallbackDead
 */
export async function sendCallback(
  deps: CallbackDeps,
  { organizationId, callbackId }: { organizationId: string; callbackId: string },
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<RunEnd> {
  const step = <T>(work: (tx: Transaction) => Promise<T>) => deps.database.tenant(organizationId, work);
  const claim = await step((tx) => claimCallback(tx, deps.seal, callbackId));
  if (claim.kind === 'dead')
    throw new CallbackDead(`Send callback "${callbackId}": its receiver may have had it twice`);
  if (claim.kind !== 'claimed') return claim;
  const { row, secrets } = claim;
  const { status, retryAfterMs, reason } = await post(deps, row, secrets, signal);
  const isDelivered = status !== null && status >= 200 && status < 300;
  const waitMs = Math.max(retryDelayMs(row.attempts), Math.min(retryAfterMs, LONGEST_WAIT_MS));
  const isLast = Date.now() + waitMs > row.createdAt.getTime() + TRIED_HOURS * 3_600_000;
  const state: CallbackState = isDelivered ? 'delivered' : isLast ? 'dead' : 'waiting';
  await step((tx) => closeClaim(tx, callbackId, { state, status }));
  log.info({ callback: callbackId, status, reason, attempt: row.attempts, state }, 'Callback');
  if (state === 'dead') throw new CallbackDead(`Send callback "${callbackId}": no answer of 2xx within a day`);
  return isDelivered ? { kind: 'over' } : { kind: 'later', waitMs };
}

async function claimCallback(tx: Transaction, seal: SecretSeal, id: string): Promise<Claim> {
  const [row] = await tx.select().from(callbacks).where(eq(callbacks.id, id)).for('update');
  if (!row || row.state === 'delivered') return { kind: 'over' };
  const claimedMs = (row.claimedUntil?.getTime() ?? 0) - Date.now();
  if (claimedMs > 0) return { kind: 'later', waitMs: claimedMs };
  const unknown = row.claimedUntil === null ? 0 : row.unknown + 1;
  if (unknown > MOST_UNKNOWN) {
    await closeClaim(tx, id, { state: 'dead', status: null });
    return { kind: 'dead' };
  }
  const [claimed] = await tx
    .update(callbacks)
    .set({
      unknown,
      attempts: sql`${callbacks.attempts} + 1`,
      claimedUntil: sql`now() + make_interval(secs => ${CLAIM_MS / 1000})`,
    })
    .where(eq(callbacks.id, id))
    .returning();
  return { kind: 'claimed', row: claimed as CallbackRow, secrets: await signingSecrets(tx, seal, row.organizationId) };
}

async function closeClaim(
  tx: Transaction,
  id: string,
  { state, status }: { state: CallbackState; status: number | null },
): Promise<void> {
  const endedAt = state === 'waiting' ? null : sql`now()`;
  await tx
    .update(callbacks)
    .set({ state, status, endedAt, unknown: 0, claimedUntil: null })
    .where(eq(callbacks.id, id));
}

/** One try. `reason` says why there was no status, in a word. */
async function post(
  { outbound, allowedHosts }: CallbackDeps,
  { id, event, subject, url, createdAt }: CallbackRow,
  secrets: readonly string[],
  signal: AbortSignal,
): Promise<{ status: number | null; retryAfterMs: number; reason?: string }> {
  // The list may be another one than when the call was accepted.
  if (callbackMistake(url, allowedHosts) !== undefined) return { status: null, retryAfterMs: 0, reason: 'not-allowed' };
  const body = JSON.stringify({ type: event, timestamp: createdAt.toISOString(), data: { id: subject } });
  const message = { id: `msg_${id.replaceAll('-', '')}`, timestamp: Math.floor(Date.now() / 1000), body };
  try {
    const response = await outbound(url, {
      method: 'POST',
      headers: { ...signMessage(message, secrets), 'user-agent': 'Pandect' },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    return { status: response.status, retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : 0 };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: unknown } };
    return { status: null, retryAfterMs: 0, reason: typeof cause?.code === 'string' ? cause.code : name };
  }
}
