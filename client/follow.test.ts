import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import type { DocumentEvent } from './follow.ts';
import { serveOnLoopback } from './testing/loopback.ts';

let answers: (() => Response)[] = [];
const server = await serveOnLoopback(() => answers.shift()?.() ?? new Response('over', { status: 404 }));
afterAll(() => server.close());
beforeEach(() => {
  answers = [];
});
const client = createClient({ baseUrl: server.url, apiKey: 'pk_test' });

const stream =
  (text: string, end: 'close' | 'cut' | 'stay' = 'stay') =>
  () => {
    const body = new ReadableStream({
      async start(events) {
        events.enqueue(new TextEncoder().encode(text));
        await new Promise((resolve) => setTimeout(resolve, 50));
        if (end === 'cut') server.cut();
        if (end === 'close') events.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
const list = 'event: list\ndata: {}\n\n';
const status = (id: string) => `: still here\n\nevent: status\ndata: {"id":"${id}"}\n\n`;

/** Until so many events of the server have come; without `connected`. */
async function first(count: number, signal?: AbortSignal) {
  const events: DocumentEvent[] = [];
  for await (const event of client.followDocuments(signal)) {
    if (event.event === 'connected') continue;
    events.push(event);
    if (events.filter((each) => each.event !== 'lost').length === count) return events;
  }
  return events;
}
const namesOf = (events: DocumentEvent[]) => events.map(({ event }) => event);

describe('followDocuments', () => {
  it('connects again when the connection is lost, and says that the list is to be read', async () => {
    answers = [stream(list + status('a'), 'cut'), stream(list + status('b'))];
    const events = await first(4);
    expect(namesOf(events)).toEqual(['list', 'status', 'lost', 'list', 'status']);
    expect(events.at(-1)).toEqual({ event: 'status', data: { id: 'b' } });
  });

  it('connects again without a word when a stream ends in good order, as with its token', async () => {
    answers = [stream(list, 'close'), stream(list + status('b'))];
    expect(namesOf(await first(3))).toEqual(['list', 'list', 'status']);
  });

  it('waits as long as a busy server asks', async () => {
    const problem = { type: 'urn:pandect:problem:overloaded', title: 'Overloaded', status: 503, detail: '' };
    answers = [() => Response.json(problem, { status: 503, headers: { 'retry-after': '1' } }), stream(list)];
    expect(await first(1)).toEqual([
      { event: 'lost', data: { retryInMs: 1000 } },
      { event: 'list', data: {} },
    ]);
  });

  it('ends with the problem when it may not follow', async () => {
    await expect(first(1)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('ends without an error when it is aborted, also while it waits', async () => {
    const stop = new AbortController();
    answers = [stream(list, 'cut'), () => new Response('', { status: 503, headers: { 'retry-after': '60' } })];
    setTimeout(() => stop.abort(), 1500);
    expect(namesOf(await first(5, stop.signal))).toEqual(['list', 'lost', 'lost']);
  });
});

describe('followEvents', () => {
  const problem = (name: string, status: number) => ({
    ...{ type: `urn:pandect:problem:${name}`, title: name, status, detail: '' },
  });
  const ending = (name: string, status: number) =>
    stream(`id: 1\ndata: "a"\n\nevent: error\ndata: ${JSON.stringify(problem(name, status))}\n\n`);
  const messages = async () => {
    const told: unknown[] = [];
    for await (const { event, data, id } of client.followEvents('/api/events')) {
      if (event !== 'connected') told.push([event, data]);
      if (id === '2') break;
    }
    return told;
  };

  it('connects again without a word when the token ends in the middle of a stream', async () => {
    answers = [ending('unauthenticated', 401), stream('id: 2\ndata: "b"\n\n')];
    expect(await messages()).toEqual([
      ['message', 'a'],
      ['message', 'b'],
    ]);
  });

  it('ends with the problem when no other token is taken, or the right is gone', async () => {
    const refused = () => Response.json(problem('unauthenticated', 401), { status: 401 });
    answers = [ending('unauthenticated', 401), refused];
    await expect(messages()).rejects.toMatchObject({ problem: { status: 401 } });
    expect(answers).toEqual([]);
    answers = [ending('not-found', 404), stream('id: 2\ndata: "b"\n\n')];
    await expect(messages()).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('begins behind a place, and behind the last one that was named after a lost connection', async () => {
    const places: (string | null)[] = [];
    const own = createClient({
      baseUrl: server.url,
      apiKey: 'pk_test',
      fetch: (request, init) => {
        places.push(new Request(request, init).headers.get('last-event-id'));
        return fetch(request, init);
      },
    });
    answers = [stream('id: 8\ndata: "a"\n\ndata: "b"\n\n', 'cut'), stream('id: 9\ndata: "c"\n\n')];
    const events = [];
    for await (const event of own.followEvents('/api/events', { lastEventId: '7' })) {
      if (event.event === 'message') events.push(event);
      if (event.id === '9') break;
    }
    expect(events).toEqual([
      { event: 'message', data: 'a', id: '8' },
      { event: 'message', data: 'b' },
      { event: 'message', data: 'c', id: '9' },
    ]);
    expect(places).toEqual(['7', '8']);
  });
});
