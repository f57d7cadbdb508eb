import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { AiFailure } from '../../ai-failure.ts';
import { ImageGone, type ImageModel, type ImageProgress, type ImageTask, NotAccepted } from '../../image-model.ts';
import { drawPicture } from './draw-picture.ts';
import { type LocalTask, readReference, writeReference } from './reference.ts';

export interface LocalModelOptions {
  /** From submit to end. */
  seconds: number;
  /** Steps of progress in that time. */
  steps: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Share of the time that a task stands in the provider's queue. */
const QUEUED_SHARE = 0.1;
const MOST_CANCELLED = 1_000;
const PICTURE = /^local:([\w-]+):(\d{1,3})$/;

/**
 * Draws pictures without a server: the same seed and prompt give the same picture. Where a task stands follows from its reference and
 * the time, so that any process can follow it. A prompt that begins with `fail:` ends in a failure, one with `refuse:` is refused. A
 * cancelled task is only known to the process that cancelled it; others see it finish.
 */
export function createLocalModel({ seconds, steps, now = Date.now }: LocalModelOptions): ImageModel {
  const cancelled = new Set<string>();

  return {
    async submit(task, { signal }) {
      if (signal.aborted) {
        throw new NotAccepted('Submit a picture to "local": cancelled', {
          retryable: true,
          end: { outcome: 'failed', reason: 'provider-down', maybeCharged: false },
        });
      }
      return { reference: writeReference(localTask(task, { at: now(), seconds, steps })) };
    },

    async look(reference, signal) {
      stopWhenAborted(signal, 'Look at a picture of "local"');
      const task = readReference(reference);
      if (!task) return { state: 'finished', outcome: 'gone' };
      if (cancelled.has(reference)) return { state: 'finished', outcome: 'cancelled' };
      return progressOf(task, reference, now());
    },

    async cancel(reference, signal) {
      stopWhenAborted(signal, 'Cancel a picture of "local"');
      const task = readReference(reference);
      if (!task || shareOf(task, now()) >= 1) return 'too-late';
      const [oldest] = cancelled;
      if (oldest !== undefined && cancelled.size >= MOST_CANCELLED) cancelled.delete(oldest);
      cancelled.add(reference);
      return 'cancelled';
    },

    async fetch(picture, { maxBytes, signal }) {
      stopWhenAborted(signal, 'Fetch a picture of "local"');
      const [, reference = '', index = ''] = 'url' in picture ? (PICTURE.exec(picture.url) ?? []) : [];
      const task = readReference(reference);
      if (!task || Number(index) >= task.count) throw new ImageGone('Fetch a picture of "local": there is none');
      // Its bytes are made at once; who waits for others comes first.
      await setImmediate();
      const seed = Number.parseInt(task.hash.slice(0, 8), 16) ^ (task.seed + Number(index));
      const bytes = await drawPicture({ ...task, seed }, signal).catch((error) => {
        stopWhenAborted(signal, 'Fetch a picture of "local"');
        throw error;
      });
      if (bytes.length > maxBytes) throw new RangeError(`Fetch a picture of "local": more than ${maxBytes} bytes`);
      return bytes;
    },
  };
}

function localTask(
  { prompt, width, height, count, seed }: ImageTask,
  run: Pick<LocalTask, 'at' | 'seconds' | 'steps'>,
): LocalTask {
  const hash = createHash('sha256').update(prompt).digest('hex').slice(0, 16);
  const end = /^\s*fail:/i.test(prompt) ? 'failed' : /^\s*refuse:/i.test(prompt) ? 'refused' : 'made';
  return { ...run, width, height, count, seed, hash, end, id: crypto.randomUUID() };
}

/** How much of a task's time is over; 1 and more when it has ended. */
const shareOf = ({ at, seconds }: LocalTask, now: number): number =>
  seconds === 0 ? 1 : Math.max(0, now - at) / (seconds * 1000);

function progressOf(task: LocalTask, reference: string, now: number): ImageProgress {
  const share = shareOf(task, now);
  if (share < QUEUED_SHARE) return { state: 'queued', position: 0 };
  if (share < 1) return { state: 'running', share: Math.floor(share * task.steps) / task.steps };
  if (task.end === 'refused') return { state: 'finished', outcome: 'refused', maybeCharged: false };
  if (task.end === 'failed') return { state: 'finished', outcome: 'failed', reason: 'no-picture', maybeCharged: false };
  const pictures = Array.from({ length: task.count }, (_, index) => ({
    picture: { url: `local:${reference}:${index}` },
    flagged: false,
  }));
  return { state: 'finished', outcome: 'made', pictures, seed: task.seed };
}

function stopWhenAborted(signal: AbortSignal, action: string): void {
  if (signal.aborted) throw new AiFailure('cancelled', `${action}: cancelled`);
}
