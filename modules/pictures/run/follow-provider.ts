import type { ImageProgress } from '../../models/image-model.ts';
import type { ImageProviderName } from '../../models/images/provider-names.ts';
import { changeImage, endImage, type ImageRow } from '../generations/change-image.ts';
import type { Continuation, Run, RunDeps } from './contract.ts';
import { finish } from './finish.ts';
import type { Step } from './next-step.ts';

/** Progress is counted in parts of this. */
const WHOLE = 100;
/** Between two looks for late pictures at least. */
const LATE_MS = 60_000;

/** Looks once at what a provider makes, and writes it down. */
export async function followProvider(
  deps: RunDeps,
  run: Run,
  row: ImageRow,
  { reference, isLate, isLast }: Extract<Step, { kind: 'look' }>,
): Promise<Continuation> {
  const { database, models, pace } = deps;
  const provider = models.modelOf(row.provider as ImageProviderName);
  const write = <T>(work: Parameters<typeof database.tenant<T>>[1]) => database.tenant(run.organizationId, work);
  if (row.cancelAskedAt && !run.isCancelSent && !isLate && row.status !== 'storing') {
    run.isCancelSent = true;
    const answer = await provider.cancel(reference, run.signal).catch((error: unknown) => {
      run.log.warn({ error, image: row.id }, 'Generation: its provider could not be asked to cancel it');
      return 'asked' as const;
    });
    if (answer === 'cancelled') {
      await write((tx) => endImage(tx, row, { status: 'cancelled' }));
      return 'now';
    }
  }
  const progress = await provider.look(reference, run.signal).catch((error: unknown) => {
    run.signal.throwIfAborted();
    run.log.warn({ error, image: row.id }, 'Generation: its provider could not be asked');
    return undefined;
  });
  if (progress?.state === 'finished') return finish(deps, run, row, progress, { isLate });
  if (isLate) return new Date(Date.now() + Math.max(LATE_MS, Date.now() - (row.endedAt?.getTime() ?? 0)));
  if (isLast) {
    // The provider may go on; what comes of it is looked for a while.
    const reason = progress ? 'timed-out' : 'provider-down';
    const end = { status: row.cancelAskedAt ? 'cancelled' : 'failed', maybeCharged: true } as const;
    await write((tx) => endImage(tx, row, { ...end, ...(end.status === 'failed' && { reason }) }));
    return 'now';
  }
  if (!progress) return pace.lookMs;
  const changes = changesBy(row, progress);
  if (!changes) return pace.lookMs;
  const changed = await write((tx) => changeImage(tx, row, changes));
  return changed ? pace.lookMs : 'now';
}

/** What a look adds to a row: never back in state or progress. */
function changesBy(row: ImageRow, progress: Exclude<ImageProgress, { state: 'finished' }>) {
  if (progress.state === 'queued') return row.status === 'submitting' ? { status: 'waiting' as const } : undefined;
  const done = Math.max(row.progressDone ?? 0, Math.round((progress.share ?? 0) * WHOLE));
  const isNew = row.status !== 'running' && row.status !== 'storing';
  if (!isNew && done === row.progressDone) return undefined;
  const share = progress.share === undefined ? {} : { progressDone: done, progressTotal: WHOLE };
  if (!isNew && progress.share === undefined) return undefined;
  return { ...(isNew && { status: 'running' as const }), startedAt: row.startedAt ?? new Date(), ...share };
}
