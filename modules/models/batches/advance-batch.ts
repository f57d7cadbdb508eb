import { setTimeout as sleep } from 'node:timers/promises';
import { and, asc, eq, inArray, isNull, lte, min, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { asyncCalls } from '../../../db/schema/models/async-calls.ts';
import { batches } from '../../../db/schema/models/batches.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { callTopic } from '../calls/change-call.ts';
import { type CallAttempt, type RunDeps, type RunEnd, runCall } from '../calls/run-call.ts';
import { messageOf } from '../dialects/write-openai-error.ts';
import { keepFiles } from '../files/store-file.ts';
import { addLines } from './add-lines.ts';
import { type BatchRow, countLines } from './find-batch.ts';
import { moveBatch } from './move-batch.ts';
import type { LineLimits } from './read-lines.ts';
import { giveUpLines, type Unmade, writeResults } from './write-results.ts';

export interface BatchDeps extends RunDeps {
  storage: FileStorage;
  limits(row: BatchRow): Promise<LineLimits>;
}

/** Then another batch's turn comes. */
const SLICE_MS = 30_000;
/** Lines of one batch in progress at the same time, at most. */
const MOST_AT_ONCE = 8;
/** How soon a batch whose calls wait is looked at again, at the latest. */
const LONGEST_LOOK_MS = 60_000;
const COUNT_MS = 1_000;

/**
 * Moves a batch on for half a minute: checks its file, makes its calls, writes its results. What is done stays done, so that a job that is
 * delivered again, after a crash at any point, continues after it.
 */
export async function advanceBatch(
  deps: BatchDeps,
  { organizationId, batchId }: { organizationId: string; batchId: string },
  run: CallAttempt,
): Promise<RunEnd> {
  const ends = performance.now() + SLICE_MS;
  for (;;) {
    run.signal.throwIfAborted();
    const [row] = await deps.database.tenant(organizationId, (tx) =>
      tx.select().from(batches).where(eq(batches.id, batchId)),
    );
    switch (row?.state) {
      case 'validating':
        await validate(deps, row, run);
        break;
      case 'in_progress': {
        const end = await makeCalls(deps, row, run, ends);
        if (end.kind === 'later') return end;
        break;
      }
      case 'cancelling':
      case 'finalizing':
        await finalize(deps, row);
        break;
      default:
        return { kind: 'over' };
    }
  }
}

async function validate(deps: BatchDeps, row: BatchRow, { signal, refused }: CallAttempt): Promise<void> {
  const check = async () => addLines(deps, row, await deps.limits(row), signal);
  const added = await check().catch((error: unknown) => {
    // Its key has ended, or its organization is suspended.
    if (!(error instanceof Problem)) throw error;
    refused(error, row.organizationId);
    return { errors: [{ code: error.type.replaceAll('-', '_'), message: messageOf(error), param: null, line: null }] };
  });
  await deps.database.tenant(row.organizationId, (tx) =>
    'errors' in added
      ? moveBatch(tx, deps.queue, row.id, { from: ['validating'], to: 'failed', errors: added.errors })
      : moveBatch(tx, deps.queue, row.id, { from: ['validating'], to: 'in_progress', total: added.total }),
  );
}

/** @returns over when no call is left to make, or the batch is in another state */
async function makeCalls(deps: BatchDeps, row: BatchRow, run: CallAttempt, ends: number): Promise<RunEnd> {
  const { database, maker, queue } = deps;
  const { id, organizationId } = row;
  const step = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant(organizationId, work);
  const begun = new Map<string, Promise<void>>();
  const resting = new Map<string, number>();
  let counted = performance.now();
  let failure: unknown;
  try {
    for (;;) {
      run.signal.throwIfAborted();
      const isOpen = performance.now() < ends && failure === undefined;
      const state = await step((tx) => stateOf(tx, id));
      const isExpired = Date.now() >= row.expiresAt.getTime();
      if (state !== 'in_progress') await step((tx) => stopLines(tx, id, [...begun.keys()]));
      if (state !== 'in_progress' || isExpired || !isOpen) break;
      const room = Math.min(MOST_AT_ONCE, await maker.limit()) - begun.size;
      const due = room > 0 ? await step((tx) => dueLines(tx, id, [...begun.keys(), ...restingNow(resting)], room)) : [];
      for (const callId of due) {
        const calling = runCall(deps, { organizationId, callId }, { ...run, priority: 'line' })
          .then((end) => void (end.kind === 'later' && resting.set(callId, performance.now() + end.waitMs)))
          .catch((error: unknown) => {
            failure ??= error;
          })
          .finally(() => begun.delete(callId));
        begun.set(callId, calling);
      }
      if (begun.size === 0) break;
      await Promise.race([...begun.values(), sleep(COUNT_MS)]);
      if (performance.now() - counted < COUNT_MS) continue;
      counted = performance.now();
      await step((tx) => showCounts(tx, id));
    }
  } finally {
    await Promise.all(begun.values());
  }
  if (failure) throw failure;
  return step(async (tx) => {
    await showCounts(tx, id);
    if ((await stateOf(tx, id)) !== 'in_progress') return { kind: 'over' };
    const isExpired = Date.now() >= row.expiresAt.getTime();
    const left = await openLines(tx, id);
    if (left.lines > 0 && !isExpired) return { kind: 'later', waitMs: Math.min(left.waitMs, LONGEST_LOOK_MS) };
    await moveBatch(tx, queue, id, { from: ['in_progress'], to: 'finalizing' });
    return { kind: 'over' };
  });
}

/** Has the calls in progress of a cancelled batch stop at once. */
async function stopLines(tx: Transaction, batchId: string, running: readonly string[]): Promise<void> {
  await giveUpLines(tx, batchId);
  for (const id of running) await announce(tx, callTopic, id);
}

const restingNow = (resting: ReadonlyMap<string, number>) =>
  [...resting].flatMap(([id, until]) => (until > performance.now() ? [id] : []));

const stateOf = async (tx: Transaction, id: string) =>
  (await tx.select({ state: batches.state }).from(batches).where(eq(batches.id, id)))[0]?.state;

/** Lines that may be run now; those that a process had which is gone are among them. */
async function dueLines(tx: Transaction, batchId: string, others: readonly string[], limit: number): Promise<string[]> {
  const rows = await tx
    .select({ id: asyncCalls.id })
    .from(asyncCalls)
    .where(
      and(
        eq(asyncCalls.batchId, batchId),
        inArray(asyncCalls.state, ['queued', 'running']),
        or(isNull(asyncCalls.nextAt), lte(asyncCalls.nextAt, sql`now()`)),
        others.length > 0 ? sql`${asyncCalls.id} <> all(${sql.param(`{${others.join(',')}}`)}::uuid[])` : undefined,
      ),
    )
    .orderBy(asc(asyncCalls.line))
    .limit(limit);
  return rows.map(({ id }) => id);
}

async function openLines(tx: Transaction, batchId: string): Promise<{ lines: number; waitMs: number }> {
  const [row] = await tx
    .select({ lines: sql<number>`count(*)::int`, nextAt: min(asyncCalls.nextAt) })
    .from(asyncCalls)
    .where(and(eq(asyncCalls.batchId, batchId), inArray(asyncCalls.state, ['queued', 'running'])));
  const waitMs = (row?.nextAt?.getTime() ?? 0) - Date.now();
  return { lines: row?.lines ?? 0, waitMs: Math.max(waitMs, COUNT_MS) };
}

async function showCounts(tx: Transaction, id: string): Promise<void> {
  // The job that ends a batch counts its lines, and removes them.
  const isOpen = and(eq(batches.id, id), eq(batches.state, 'in_progress'));
  await tx
    .update(batches)
    .set(await countLines(tx, id))
    .where(isOpen);
}

/** Writes the files of a batch and ends it; its lines go with it. Lines that are still running lose their run, which ends them. */
async function finalize(deps: BatchDeps, row: BatchRow): Promise<void> {
  const { database, queue } = deps;
  const { id, organizationId, userId } = row;
  const why: Unmade | undefined =
    row.state === 'cancelling' ? 'cancelled' : Date.now() >= row.expiresAt.getTime() ? 'expired' : undefined;
  const counts = await database.tenant(organizationId, async (tx) => {
    const counted = await countLines(tx, id);
    await giveUpLines(tx, id);
    return counted;
  });
  const isWhole = counts.completed + counts.failed === row.total;
  await using output = await writeResults(deps, row, 'done', why);
  await using errors = await writeResults(deps, row, 'others', why);
  const name = (kind: string) => `batch_${id.replaceAll('-', '')}_${kind}.jsonl`;
  const add = (tx: Transaction, file: typeof output, kind: string) =>
    file?.addTo(tx, { organizationId, userId, purpose: 'batch_output', fileName: name(kind) });
  const files = [output, errors].filter((file) => file !== undefined);
  await keepFiles(database, files, organizationId, async (tx) => {
    // Another job may have ended it in the meantime.
    const from = ['finalizing', 'cancelling'] as const;
    const [open] = await tx
      .select({ id: batches.id })
      .from(batches)
      .where(and(eq(batches.id, id), inArray(batches.state, [...from])))
      .for('update');
    if (!open) return undefined;
    const [outputFile, errorFile] = [await add(tx, output, 'output'), await add(tx, errors, 'error')];
    await moveBatch(tx, queue, id, {
      ...{ from, ...counts },
      ...{ outputFileId: outputFile?.id ?? null, errorFileId: errorFile?.id ?? null },
      to: why === 'cancelled' ? 'cancelled' : why === 'expired' && !isWhole ? 'expired' : 'completed',
    });
    await tx.delete(asyncCalls).where(eq(asyncCalls.batchId, id));
    return open;
  });
}
