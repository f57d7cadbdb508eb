import type { paths } from './api.ts';
import { NetworkError, ProblemError, problemErrorOfResponse } from './problem.ts';
import { readEvents } from './read-events.ts';
import type { EventsOf, Schemas } from './schemas.ts';
import type { Send } from './send.ts';
import { delayAfter, isPassing, sleepUntilOnline } from './waiting.ts';

export type Question = Omit<paths['/api/ask']['post']['requestBody']['content']['application/json'], 'stream'>;

/**
 * The events of the API, of which `done` is the last, and two of the client: `lost` when the connection broke off and is made again
 * by itself, and `restart` when the answer begins again with other words, so that what was shown of it must be dropped.
 */
export type AskEvent =
  | EventsOf<Schemas['AskEvents']>
  | { event: 'lost'; data: { retryInMs: number } }
  | { event: 'restart'; data: Record<string, never> };

export interface AskOptions {
  /**
   * The key of an earlier call with the same question: its answer is continued, or read if it has ended, and nothing is asked twice.
   * Keep it to continue after a reload of the page.
   */
  key?: string;
  /** Stops reading; the answer continues and is stored. See `stopAsking`. */
  signal?: AbortSignal;
}

/** An answer that comes. It is asked for when it is read, and once. */
export interface Asking extends AsyncIterable<AskEvent, void> {
  readonly key: string;
}

/** So many failures in a row, without one event in between. */
const ATTEMPTS = 8;

/** @throws ProblemError, also for an event `error`; NetworkError when the connection cannot be made again */
export async function* ask(
  send: Send,
  url: string,
  question: Question,
  { key, signal = new AbortController().signal }: AskOptions & { key: string },
): AsyncGenerator<AskEvent, void> {
  const body = JSON.stringify({ ...question, stream: true });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', 'idempotency-key': key };
  const shown = createShown();
  for (let failures = 0; ; ) {
    try {
      const response = await send(new Request(url, { method: 'POST', headers, body, signal }));
      if (!response.ok) throw await problemErrorOfResponse(response);
      shown.begin();
      for await (const event of readEvents(response)) {
        for (const news of shown.whatIsNew(event as AskEvent)) {
          failures = 0;
          yield news;
        }
        if (event.event === 'done') return;
      }
      throw new NetworkError('The stream ended before the answer');
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!mayPass(error, failures) || failures >= ATTEMPTS) throw error;
      const retryInMs = delayAfter(error, failures);
      yield { event: 'lost', data: { retryInMs } };
      await sleepUntilOnline(retryInMs, signal);
    }
  }
}

/** In the moment after a lost connection the server may still be at work on the same key. */
const mayPass = (error: unknown, failures: number): boolean =>
  isPassing(error) || (failures > 1 && error instanceof ProblemError && error.is('idempotency-conflict'));

/** What was shown of an answer, whose events all come again with a new connection. */
function createShown() {
  let text = '';
  let passages: string | undefined;
  let again: { text: string; passages: AskEvent | undefined };

  const restart = (): AskEvent[] => {
    text = again.text;
    passages = again.passages && JSON.stringify(again.passages.data);
    const delta: AskEvent[] = text === '' ? [] : [{ event: 'delta', data: { text } }];
    return [{ event: 'restart', data: {} }, ...(again.passages ? [again.passages] : []), ...delta];
  };
  return {
    begin() {
      again = { text: '', passages: undefined };
    },
    whatIsNew(event: AskEvent): AskEvent[] {
      if (event.event === 'passages') {
        const came = JSON.stringify(event.data);
        again.passages = event;
        if (passages === came) return [];
        if (passages !== undefined) return restart();
        passages = came;
      }
      if (event.event !== 'delta') return [event];
      again.text += event.data.text;
      if (text.startsWith(again.text)) return [];
      if (!again.text.startsWith(text)) return restart();
      const more = again.text.slice(text.length);
      text = again.text;
      return [{ event: 'delta', data: { text: more } }];
    },
  };
}
