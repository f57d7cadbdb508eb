import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AskEvent } from './ask.ts';
import { createClient } from './client.ts';
import { ProblemError } from './problem.ts';
import { serveOnLoopback } from './testing/loopback.ts';

type Script = (events: ReadableStreamDefaultController<Uint8Array>, request: Request) => void | Promise<void>;

/** What the server does at each request, in order. */
let script: (Script | Response)[] = [];
let requests: { key: string | null; body: unknown; language: string | null }[] = [];
const server = await serveOnLoopback(async (request) => {
  if (request.method === 'DELETE') return new Response(null, { status: 204 });
  const [key, language] = [request.headers.get('idempotency-key'), request.headers.get('accept-language')];
  requests.push({ key, body: await request.json(), language });
  const step = script.shift();
  if (!step || step instanceof Response) return step ?? new Response('over', { status: 500 });
  const stream = new ReadableStream<Uint8Array>({ start: (events) => void step(events, request) });
  return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
});
afterAll(() => server.close());
beforeEach(() => {
  script = [];
  requests = [];
  server.asked.length = 0;
});

const encoder = new TextEncoder();
const say = (event: string, data: unknown) => encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
const passages = { passages: [{ number: 1, text: 'The deposit is 500 euros.' }] };
const done = { answer: 'The deposit is 500 euros [1].', citations: [] };
/** Sends events, then ends in good order unless told otherwise. */
const streaming =
  (events: [string, unknown][], end: 'close' | 'cut' = 'close'): Script =>
  async (stream, request) => {
    for (const [event, data] of events) stream.enqueue(say(event, data));
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (end === 'cut') return server.cut();
    // Its reader leaves after the last event.
    if (!request.signal.aborted) stream.close();
  };
const delta = (text: string): [string, unknown] => ['delta', { text }];
const problem = (type: string, status: number, headers = {}) =>
  Response.json(
    { type: type.includes(':') ? type : `urn:pandect:problem:${type}`, title: type, status, detail: type },
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );

const client = createClient({ baseUrl: server.url, apiKey: 'pk_test', language: () => 'ru' });
async function read(asking: AsyncIterable<AskEvent>) {
  const events: AskEvent[] = [];
  for await (const event of asking) events.push(event);
  return events;
}
const namesOf = (events: AskEvent[]) => events.map(({ event }) => event).filter((event) => event !== 'lost');
const textOf = (events: AskEvent[]) => events.map((event) => (event.event === 'delta' ? event.data.text : '')).join('');

describe('ask', () => {
  it('gives the events of an answer as they come, and asks once', async () => {
    script = [streaming([['passages', passages], delta('The '), delta('deposit'), ['done', done]])];
    const asking = client.ask({ question: 'How high?' });
    const events = await read(asking);
    expect(namesOf(events)).toEqual(['passages', 'delta', 'delta', 'done']);
    expect(events.at(-1)).toEqual({ event: 'done', data: done });
    expect(requests).toEqual([{ key: asking.key, body: { question: 'How high?', stream: true }, language: 'ru' }]);
  });

  it('continues after a lost connection with the same key, and gives nothing twice', async () => {
    script = [
      streaming([['passages', passages], delta('The '), delta('dep')], 'cut'),
      streaming([['passages', passages], delta('The'), delta(' deposit'), ['done', done]]),
    ];
    const events = await read(client.ask({ question: 'How high?' }));
    expect(namesOf(events)).toEqual(['passages', 'delta', 'delta', 'delta', 'done']);
    expect(textOf(events)).toBe('The deposit');
    expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
    expect(requests).toHaveLength(2);
  });

  it('continues when a stream ends before its answer', async () => {
    script = [streaming([delta('The ')]), streaming([delta('The '), delta('deposit'), ['done', done]])];
    expect(textOf(await read(client.ask({ question: '?' })))).toBe('The deposit');
  });

  it('says that all begins again when the answer has other words', async () => {
    script = [
      streaming([['passages', passages], delta('The deposit is')], 'cut'),
      streaming([['passages', passages], delta('It '), delta('is 500'), ['done', done]]),
    ];
    const events = await read(client.ask({ question: '?' }));
    expect(namesOf(events)).toEqual(['passages', 'delta', 'restart', 'passages', 'delta', 'delta', 'done']);
    expect(textOf(events.slice(events.findIndex(({ event }) => event === 'restart')))).toBe('It is 500');
  });

  it('waits as long as a busy server asks', async () => {
    script = [problem('unavailable', 503, { 'retry-after': '1' }), streaming([['done', done]])];
    const events = await read(client.ask({ question: '?' }));
    expect(events[0]).toEqual({ event: 'lost', data: { retryInMs: 1000 } });
    expect(namesOf(events)).toEqual(['done']);
  });

  it('waits for the request before to let go of the key', async () => {
    script = [streaming([delta('a')], 'cut'), problem('idempotency-conflict', 409), streaming([['done', done]])];
    expect(namesOf(await read(client.ask({ question: '?' })))).toEqual(['delta', 'done']);
  });

  it.each([
    ['daily-questions-used', 429],
    ['idempotency-conflict', 409],
    ['ai-failed', 502],
    ['invalid-request', 400],
  ])('does not ask again after %s', async (type, status) => {
    script = [problem(type, status, { 'retry-after': '60' })];
    const failure = await read(client.ask({ question: '?' })).catch((error) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect([failure.is(type), failure.retryAfterMs, requests.length]).toEqual([true, 60_000, 1]);
  });

  it('throws the problem of an answer that broke off', async () => {
    const broken = { type: 'urn:pandect:problem:ai-broke-off', title: 'Broke off', status: 502, detail: '' };
    script = [streaming([delta('The '), ['error', broken]])];
    await expect(read(client.ask({ question: '?' }))).rejects.toMatchObject({ problem: broken });
    expect(requests).toHaveLength(1);
  });

  it('continues an earlier answer by its key, as after a reload', async () => {
    script = [streaming([delta('The deposit'), ['done', done]])];
    const asking = client.ask({ question: '?' }, { key: 'kept-from-before' });
    expect(textOf(await read(asking))).toBe('The deposit');
    expect(requests[0]?.key).toBe('kept-from-before');
  });

  it('ends at once when it is aborted, and closes the connection', async () => {
    const left = Promise.withResolvers<void>();
    script = [
      (stream, request) => {
        request.signal.addEventListener('abort', () => left.resolve());
        stream.enqueue(say('delta', { text: 'The ' }));
      },
    ];
    const stop = new AbortController();
    const asking = client.ask({ question: '?' }, { signal: stop.signal });
    const reading = (async () => {
      for await (const _ of asking) stop.abort(new Error('enough'));
    })();
    await expect(reading).rejects.toThrow('enough');
    await left.promise;
  });

  it('closes the connection when its reader leaves', async () => {
    const left = Promise.withResolvers<void>();
    script = [
      (stream, request) => {
        request.signal.addEventListener('abort', () => left.resolve());
        stream.enqueue(say('delta', { text: 'The ' }));
      },
    ];
    for await (const _ of client.ask({ question: '?' })) break;
    await left.promise;
  });

  it('is stopped by its key', async () => {
    await client.stopAsking('a/key');
    expect(server.asked).toEqual(['DELETE /api/ask/a%2Fkey']);
  });
});
