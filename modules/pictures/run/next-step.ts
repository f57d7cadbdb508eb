import type { EmptyEnd, ImageRow } from '../generations/change-image.ts';
import { type GenerationTimes, UNCERTAIN_SECONDS } from '../generations/create.ts';

/** So long after its end a generation may still get its pictures. */
const LATE_SECONDS = 1800;

/** What is to be done with a generation, as its row stands. */
export type Step =
  | { kind: 'over' }
  /** Nothing before this time. */
  | { kind: 'later'; at: Date }
  | { kind: 'end'; end: EmptyEnd }
  | { kind: 'submit' }
  /** A submit was begun, and no one knows what came of it. */
  | { kind: 'doubt' }
  /** Look at the provider; `isLate` after its end, `isLast` when the time is over. */
  | { kind: 'look'; reference: string; isLate: boolean; isLast: boolean };

const after = (moment: Date | null, seconds: number) => new Date((moment?.getTime() ?? 0) + seconds * 1000);

/** Decides by the row alone, so that any process continues where another stopped. */
export function nextStep(row: ImageRow, times: GenerationTimes, now: Date): Step {
  const { status, reference, submittedAt } = row;
  if (row.endedAt) {
    const isOpenToPictures = (status === 'failed' || status === 'expired') && now < after(row.endedAt, LATE_SECONDS);
    return reference !== null && isOpenToPictures
      ? { kind: 'look', reference, isLate: true, isLast: false }
      : { kind: 'over' };
  }
  if (status === 'queued') return queuedStep(row, times, now);
  if (reference !== null) {
    const isLast = now >= after(submittedAt, times.timeoutSeconds);
    return { kind: 'look', reference, isLate: false, isLast };
  }
  // A provider that answers with the pictures has no name for them: they went with the process.
  if (status === 'storing') return { kind: 'end', end: { status: 'failed', reason: 'no-picture', maybeCharged: true } };
  if (row.uncertainAt === null) return { kind: 'doubt' };
  const decidedAt = after(row.uncertainAt, UNCERTAIN_SECONDS);
  if (now < decidedAt) return { kind: 'later', at: decidedAt };
  return row.cancelAskedAt
    ? { kind: 'end', end: { status: 'cancelled', maybeCharged: true } }
    : { kind: 'end', end: { status: 'failed', reason: 'uncertain', maybeCharged: true } };
}

function queuedStep({ createdAt, nextAt, cancelAskedAt }: ImageRow, { waitSeconds }: GenerationTimes, now: Date): Step {
  if (cancelAskedAt) return { kind: 'end', end: { status: 'cancelled' } };
  if (now >= after(createdAt, waitSeconds)) return { kind: 'end', end: { status: 'expired' } };
  return nextAt && nextAt > now ? { kind: 'later', at: nextAt } : { kind: 'submit' };
}
