import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { asyncCalls, type CallState } from '../../../db/schema/models/async-calls.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { reservationState } from '../../commerce/metering/index.ts';
import { requestCallback } from '../callbacks/request-callback.ts';
import { publicId, readPublicId } from '../files/public-id.ts';
import type { CallRow } from './accept-call.ts';

/** Who waits for a call is told of changes under this topic, by its id. */
export const callTopic = 'async_call';

/** @throws Problem not-found, for lines of batches too */
export async function findCall(tx: Transaction, id: string): Promise<CallRow> {
  const plain = readPublicId('async_', id);
  const [row] =
    plain === undefined
      ? []
      : await tx
          .select()
          .from(asyncCalls)
          .where(and(eq(asyncCalls.id, plain), isNull(asyncCalls.batchId)));
  if (!row) throw new Problem(notFound);
  return row;
}

/** One run of a call by a worker. */
export interface CallRun {
  id: string;
  run: string;
}

/**
 * What a worker finds. `begun`: the call is its own now; `early`: its time has not come, or a process that had it may not be quite gone;
 * `interrupted`: a process ended in the middle, when the upstream may have answered already; `over`: there is nothing to do.
 */
export type BegunCall =
  | { kind: 'begun'; call: CallRow & { body: string } }
  | { kind: 'early'; waitMs: number }
  | { kind: 'interrupted'; call: CallRow }
  | { kind: 'over' };

/** A statement that a process sent just before its end has come to its own end by then. */
const SETTLING_MS = 5_000;

/**
 * queued → running. A call that another run has, whose process is gone, begins again only where the books say that nothing came of it: no
 * reservation was made, or it was given back. The upstream is asked after the reservation.
 */
export async function beginCall(tx: Transaction, { id, run }: CallRun, now: Date): Promise<BegunCall> {
  const [row] = await tx.select().from(asyncCalls).where(eq(asyncCalls.id, id)).for('update');
  if (!row || row.body === null) return { kind: 'over' };
  const waitMs = (row.nextAt?.getTime() ?? 0) - now.getTime();
  if (row.state === 'queued' && waitMs > 0) return { kind: 'early', waitMs };
  if (row.state === 'running') {
    const settlingMs = (row.startedAt?.getTime() ?? 0) + SETTLING_MS - now.getTime();
    if (settlingMs > 0) return { kind: 'early', waitMs: settlingMs };
    if (!(await isWithoutCharge(tx, row.requestId))) return { kind: 'interrupted', call: row };
  } else if (row.state !== 'queued') return { kind: 'over' };
  const [begun] = await tx
    .update(asyncCalls)
    .set({
      ...{ state: 'running', run, requestId: crypto.randomUUID(), startedAt: now, nextAt: null },
      attempts: sql`${asyncCalls.attempts} + 1`,
    })
    .where(eq(asyncCalls.id, id))
    .returning();
  await announce(tx, callTopic, id);
  return { kind: 'begun', call: begun as CallRow & { body: string } };
}

/** Whether the books hold and charge nothing for a request. */
export async function isWithoutCharge(tx: Transaction, requestId: string): Promise<boolean> {
  const state = await reservationState(tx, requestId);
  return state === undefined || state === 'released';
}

/** Whether a run still has its call. */
export async function isStillOurs(tx: Transaction, { id, run }: CallRun): Promise<boolean> {
  const [row] = await tx.select({ run: asyncCalls.run }).from(asyncCalls).where(eq(asyncCalls.id, id));
  return row?.run === run;
}

/** What a call ended with: the HTTP status and the body, as JSON, that a live call would have had. */
export interface CallAnswer {
  state: 'done' | 'failed';
  status: number;
  answer: string;
}

/** running → done | failed. @returns false when another has it by now, or it was cancelled */
export const endCall = (tx: Transaction, queue: Queue, { id, run }: CallRun, answer: CallAnswer): Promise<boolean> =>
  close(tx, queue, answer, and(eq(asyncCalls.id, id), eq(asyncCalls.run, run), eq(asyncCalls.state, 'running')));

/** queued | running → cancelled. @returns false when it had ended */
export const cancelCall = (tx: Transaction, queue: Queue, id: string): Promise<boolean> =>
  close(tx, queue, { state: 'cancelled', status: null, answer: null }, isOpen(id));

/** queued | running → failed, of a call that no job will end. @returns false when it had ended */
export const failCall = (
  tx: Transaction,
  queue: Queue,
  id: string,
  answer: Omit<CallAnswer, 'state'>,
): Promise<boolean> => close(tx, queue, { state: 'failed', ...answer }, isOpen(id));

const isOpen = (id: string) => and(eq(asyncCalls.id, id), inArray(asyncCalls.state, ['queued', 'running']));

async function close(
  tx: Transaction,
  queue: Queue,
  values: { state: CallState; status: number | null; answer: string | null },
  where: ReturnType<typeof and>,
): Promise<boolean> {
  const [row] = await tx
    .update(asyncCalls)
    .set({ ...values, body: null, run: null, nextAt: null, endedAt: sql`now()` })
    .where(where)
    .returning();
  if (!row) return false;
  await announce(tx, callTopic, row.id);
  if (row.callbackUrl !== null)
    await requestCallback(tx, queue, {
      ...{ organizationId: row.organizationId, url: row.callbackUrl },
      ...{ event: `async.call.${row.state}`, subject: publicId('async_', row.id) },
    });
  return true;
}

/** A wait before the next attempt. */
export interface CallWait {
  waitMs: number;
  /** Whether this one counts: that of a call that reached no upstream does not. */
  isCounted: boolean;
}

/** running → queued, to be tried again after a wait. @returns false when another has it by now, or it was cancelled */
export async function postponeCall(
  tx: Transaction,
  { id, run }: CallRun,
  { waitMs, isCounted }: CallWait,
): Promise<boolean> {
  const rows = await tx
    .update(asyncCalls)
    .set({
      ...{ state: 'queued', run: null, nextAt: sql`now() + make_interval(secs => ${waitMs / 1000})` },
      ...(!isCounted && { attempts: sql`${asyncCalls.attempts} - 1` }),
    })
    .where(and(eq(asyncCalls.id, id), eq(asyncCalls.run, run), eq(asyncCalls.state, 'running')))
    .returning({ id: asyncCalls.id });
  if (rows.length > 0) await announce(tx, callTopic, id);
  return rows.length > 0;
}
