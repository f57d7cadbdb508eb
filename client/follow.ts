import { ProblemError, problemErrorOfResponse } from './problem.ts';
import { readEvents, type StreamEvent } from './read-events.ts';
import type { EventsOf, Schemas } from './schemas.ts';
import type { Send } from './send.ts';
import { delayAfter, isPassing, sleepUntilOnline } from './waiting.ts';

/**
 * `list` comes first and whenever changes were missed: read the list again. `status` is a document in its new state, `deleted` the id of
 * one that is gone. Two come from the client: `lost` when the connection broke off, which is made again by itself, and `connected` when
 * there is one.
 */
export type DocumentEvent = EventsOf<Schemas['DocumentsEvents']> | ConnectionEvent;

/** What the client says of the connection of a stream. */
type ConnectionEvent =
  | { event: 'connected'; data: Record<string, never> }
  | { event: 'lost'; data: { retryInMs: number } };

/** An event of any stream, or of its connection. */
export type FollowedEvent = StreamEvent;

/** The server gives a sign of life every 15 s. */
const SILENCE_MS = 45_000;

export interface FollowOptions {
  signal?: AbortSignal | undefined;
  /** The place behind which the stream is to begin. */
  lastEventId?: string | undefined;
}

/** Follows the states of documents. */
export const follow = (send: Send, url: string, signal?: AbortSignal): AsyncGenerator<DocumentEvent, void> =>
  followEvents(send, url, { signal }) as AsyncGenerator<DocumentEvent, void>;

/**
 * Follows something over server-sent events until the signal is aborted or the loop is left. A connection that is made again begins
 * behind the last place that the server has named.
 * @throws ProblemError for what does not pass by itself, such as a session that has ended
 */
export async function* followEvents(
  send: Send,
  url: string,
  { signal = new AbortController().signal, lastEventId }: FollowOptions = {},
): AsyncGenerator<FollowedEvent, void> {
  let place = lastEventId;
  for (let failures = 0; !signal.aborted; ) {
    let failure: unknown;
    let isConnected = false;
    try {
      const headers = { accept: 'text/event-stream', ...(place !== undefined && { 'last-event-id': place }) };
      const response = await send(new Request(url, { headers, signal }));
      if (!response.ok) throw await problemErrorOfResponse(response);
      isConnected = true;
      yield { event: 'connected', data: {} };
      for await (const event of readEvents(response, SILENCE_MS)) {
        failures = 0;
        place = event.id ?? place;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      // A token that ends in the middle of a stream: the next request brings another one, or says that the session is over.
      const isEndOfToken = isConnected && error instanceof ProblemError && error.is('unauthenticated');
      if (!isEndOfToken && !isPassing(error)) throw error;
      if (!isEndOfToken) failure = error;
    }
    failures += 1;
    const retryInMs = delayAfter(failure, failures);
    // A stream ends in good order with the access token, and when its process is replaced.
    if (failure || failures > 1) yield { event: 'lost', data: { retryInMs } };
    await sleepUntilOnline(retryInMs, signal).catch(() => {});
  }
}
