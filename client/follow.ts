import { problemErrorOfResponse } from './problem.ts';
import { readEvents } from './read-events.ts';
import type { Schemas } from './schemas.ts';
import type { Send } from './send.ts';
import { delayAfter, isPassing, sleepUntilOnline } from './waiting.ts';

/**
 * `connected` comes first and after each reconnect: changes in between were missed, so read again what is shown. `lost` says that the
 * connection broke off and is made again by itself. `list` says the same as `connected` while the connection lasts. `status` is a
 * document in its new state, `deleted` names one that is gone.
 */
export type DocumentEvent =
  | { event: 'connected'; data: Record<string, never> }
  | { event: 'lost'; data: { retryInMs: number } }
  | { event: 'list'; data: Record<string, never> }
  | { event: 'status'; data: Schemas['Document'] }
  | { event: 'deleted'; data: { id: string } };

/** The server gives a sign of life every 15 s. */
const SILENCE_MS = 45_000;

/**
 * Follows something over server-sent events until the signal is aborted or the loop is left.
 * @throws ProblemError for what does not pass by itself, such as a session that has ended
 */
export async function* follow(
  send: Send,
  url: string,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<DocumentEvent, void> {
  for (let failures = 0; !signal.aborted; ) {
    let failure: unknown;
    try {
      const response = await send(new Request(url, { headers: { accept: 'text/event-stream' }, signal }));
      if (!response.ok) throw await problemErrorOfResponse(response);
      yield { event: 'connected', data: {} };
      for await (const event of readEvents(response, SILENCE_MS)) {
        failures = 0;
        yield event as DocumentEvent;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error)) throw error;
      failure = error;
    }
    // A stream that ends in good order is one of a process that is replaced.
    failures += 1;
    const retryInMs = delayAfter(failure, failures);
    yield { event: 'lost', data: { retryInMs } };
    await sleepUntilOnline(retryInMs, signal).catch(() => {});
  }
}
