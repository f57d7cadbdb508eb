import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import { type Idempotency, type RequestOwner, stopTopic } from '../../../platform/capabilities/idempotency/index.ts';

export interface StopDeps {
  idempotency: Idempotency;
  feed: Feed;
}

/** How soon it is seen that a stop was asked for, should the announcement of it be lost. */
const LOOK_MS = 10_000;

/** Aborts its signal when the owner of a key asks for its run to stop, in this process or another. */
export function watchStop(
  { idempotency, feed }: StopDeps,
  owner: RequestOwner,
  { key, run }: { key: string; run: string },
): AsyncDisposable & { signal: AbortSignal } {
  const over = new AbortController();
  const stopped = new AbortController();
  const watching = (async () => {
    using changes = await feed.subscribe(stopTopic, run);
    while (!over.signal.aborted) {
      const request = await idempotency.look(owner, key);
      if (request?.run === run && request.isStopAsked) return stopped.abort();
      await changes.next(LOOK_MS, over.signal);
    }
  })();
  // Without a database the watch ends, and the answer is not stopped.
  const watched = watching.catch(() => {});
  return {
    signal: stopped.signal,
    async [Symbol.asyncDispose]() {
      over.abort();
      await watched;
    },
  };
}
