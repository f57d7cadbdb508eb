import type { ImageOutcome } from '../../models/image-model.ts';
import { type EmptyEnd, endImage, type ImageRow } from '../generations/change-image.ts';
import { changeNewest } from './change-newest.ts';
import type { Continuation, Run, RunDeps } from './contract.ts';
import { storePictures } from './store-pictures.ts';

/** Writes down how a task ended at its provider. */
export async function finish(
  deps: RunDeps,
  run: Run,
  row: ImageRow,
  outcome: ImageOutcome,
  { isLate }: { isLate: boolean },
): Promise<Continuation> {
  const end = outcome.outcome === 'made' ? await storePictures(deps, run, row, outcome, { isLate }) : endOf(outcome);
  if (end === 'now') return 'now';
  // It has ended before, and no picture came of it.
  if (isLate) return 'over';
  await changeNewest(deps, run, row, (tx, newest) => endImage(tx, newest, end));
  return 'now';
}

function endOf(outcome: Exclude<ImageOutcome, { outcome: 'made' }>): EmptyEnd {
  switch (outcome.outcome) {
    case 'refused':
      return { status: 'refused', maybeCharged: outcome.maybeCharged };
    case 'failed':
      return { status: 'failed', reason: outcome.reason, maybeCharged: outcome.maybeCharged };
    case 'cancelled':
      return { status: 'cancelled' };
    case 'gone':
      return { status: 'failed', reason: 'no-picture', maybeCharged: true };
  }
}
