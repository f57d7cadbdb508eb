import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { type ImageOutcome, type ImageTask, NotAccepted } from '../../models/image-model.ts';
import type { ImageProviderName } from '../../models/images/provider-names.ts';
import { newCallbackToken } from '../generations/callback-token.ts';
import { changeImage, endImage, type ImageRow } from '../generations/change-image.ts';
import { AT_ONCE } from '../generations/show.ts';
import { changeNewest } from './change-newest.ts';
import type { Continuation, Run, RunDeps } from './contract.ts';
import { finish } from './finish.ts';

/** Submits of one generation, where none before was accepted. */
const MOST_SUBMITS = 3;
/** A provider's reference must not be lost: it is written again so often. */
const WRITES = 6;
/** Longest wait of a job for a place at its provider; then those of other providers have their turn. */
const PLACE_MS = 5_000;
const NEXT_TURN_MS = 1_000;

/**
 * Submits a task once there is a place at its provider. That it is being submitted is written before, with the token of its callback; its reference right after, in a transaction
 * of its own. What is left without a reference in between is never submitted again.
 */
export async function submitOnce(deps: RunDeps, run: Run, row: ImageRow): Promise<Continuation> {
  const { database, models } = deps;
  const model = models.find(row.model);
  if (!model) {
    await database.tenant(run.organizationId, (tx) => endImage(tx, row, { status: 'failed', reason: 'provider-down' }));
    return 'now';
  }
  const { token, hash } = newCallbackToken(run.organizationId);
  const submitting = await database.tenant(run.organizationId, async (tx) => {
    if (!(await hasPlace(tx, row))) return 'full';
    return changeImage(tx, row, {
      ...{ status: 'submitting', attempt: row.attempt + 1, nextAt: null },
      ...{ submittedAt: new Date(), callbackTokenHash: hash },
    });
  });
  if (submitting === 'full') return waitForPlace(deps, run);
  if (!submitting) return 'now';
  const { prompt, width, height, count, seed } = row;
  const task: ImageTask = { model: model.endpoint, prompt, width, height, count, seed };
  const callbackUrl = callbackOf(deps, row, token);
  let answer: { reference: string } | ImageOutcome;
  try {
    const provider = models.modelOf(row.provider as ImageProviderName);
    answer = await provider.submit(task, { callbackUrl, signal: run.signal });
  } catch (error) {
    if (error instanceof NotAccepted) return postpone(deps, run, submitting, error);
    // It may have been accepted: the next step is to doubt.
    run.log.warn({ error, image: row.id }, 'Generation: its submit had no answer');
    return 'now';
  }
  if ('outcome' in answer) return finish(deps, run, submitting, answer, { isLate: false });
  await keepReference(deps, run, submitting, answer.reference);
  return 'now';
}

/** Counted by the rows, so that no process that is killed, replaced or new lets one more through. */
async function hasPlace(tx: Transaction, { id, provider }: ImageRow): Promise<boolean> {
  const [row] = await tx.execute<{ free: boolean }>(
    sql`select has_image_place(${id}, ${provider}, ${AT_ONCE}) as free`,
  );
  return row?.free === true;
}

function waitForPlace({ pace }: RunDeps, run: Run): Continuation {
  run.waitsUntil ??= Date.now() + PLACE_MS;
  return Date.now() < run.waitsUntil ? pace.lookMs : new Date(Date.now() + NEXT_TURN_MS);
}

/** Only what providers can reach. */
function callbackOf({ origin }: RunDeps, { provider, id }: ImageRow, token: string): string | undefined {
  const isPublic = origin.startsWith('https:');
  return isPublic ? `${origin}/api/images/callbacks/${provider}/${id}.${token}` : undefined;
}

/** submitting → waiting, or only the reference of one that ended in the meantime, for its pictures may come late. */
async function keepReference({ database, pace }: RunDeps, run: Run, { id, attempt }: ImageRow, reference: string) {
  for (let write = 1; ; write += 1) {
    try {
      return await database.tenant(run.organizationId, async (tx) => {
        const [row] = await tx.select().from(images).where(eq(images.id, id)).for('update');
        if (!row || row.reference !== null || row.attempt !== attempt) return;
        const waiting = row.endedAt === null && ({ status: 'waiting', uncertainAt: null } as const);
        await changeImage(tx, row, { reference, ...waiting });
      });
    } catch (error) {
      if (write >= WRITES) throw error;
      run.log.error({ error, image: id }, 'Generation: its reference could not be written');
      await sleep(pace.writeMs * 2 ** write);
    }
  }
}

/** submitting → queued, to be submitted again, or the end where that is of no use. */
async function postpone(deps: RunDeps, run: Run, row: ImageRow, refusal: NotAccepted): Promise<Continuation> {
  const { pace } = deps;
  run.log.warn({ error: refusal, image: row.id, attempt: row.attempt }, 'Generation: its provider did not accept it');
  const end = refusal.end;
  const waitMs = Math.max(refusal.retryAfterMs ?? 0, pace.retryMs * 2 ** (row.attempt - 1));
  const nextAt = new Date(Date.now() + waitMs);
  const isLast = !refusal.retryable || row.attempt >= MOST_SUBMITS || row.cancelAskedAt !== null;
  if (isLast) {
    const outcome: ImageOutcome = row.cancelAskedAt ? { outcome: 'cancelled' } : end;
    return finish(deps, run, row, outcome, { isLate: false });
  }
  const queued = { status: 'queued', nextAt, submittedAt: null, callbackTokenHash: null } as const;
  const postponed = await changeNewest(deps, run, row, (tx, newest) => changeImage(tx, newest, queued));
  return postponed ? nextAt : 'now';
}
