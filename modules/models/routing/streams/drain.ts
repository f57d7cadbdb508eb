import type { Readable } from 'node:stream';
import type { Wheel } from '../wheel.ts';

const LONGEST_DRAIN_MS = 1_000;

/** Reads what an upstream still sends after the end of an answer, so that its connection can be used again; not for long. */
export function drain(body: Readable, wheel: Wheel): void {
  if (body.readableEnded || body.destroyed) return;
  const deadline = performance.now() + LONGEST_DRAIN_MS;
  const watched = {
    tick(now: number) {
      if (now >= deadline) body.destroy();
    },
  };
  wheel.add(watched);
  body.once('close', () => wheel.delete(watched));
  body.removeAllListeners('data').on('error', () => {});
  body.resume();
}
