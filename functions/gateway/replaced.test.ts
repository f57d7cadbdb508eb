import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { booksOf } from '../../modules/commerce/metering/calls/calls.fixture.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { eventStream, sse, startUpstreamServer } from '../../modules/testing/upstream-server.ts';
import { listen } from '../../platform/runtime/listener.ts';
import { chunks, composeGateway, gatewayScene, onUpstream } from './gateway.fixture.ts';

const { database } = await gatewayScene();
const hello = { model: 'small', messages: [{ role: 'user', content: 'Hello' }], stream: true };

const response = { id: 'resp_1', object: 'response', created_at: 1, status: 'in_progress', model: 'small', output: [] };
const responseBegun = [
  { type: 'response.created', sequence_number: 0, response },
  {
    type: 'response.output_text.delta',
    sequence_number: 1,
    item_id: 'a',
    output_index: 0,
    content_index: 0,
    delta: 'Some',
  },
]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  .join('');

async function start() {
  const upstream = await startUpstreamServer(({ path }) =>
    eventStream(path.endsWith('/responses') ? responseBegun : sse(...chunks(['Some words']).slice(0, 2)), 'hang'),
  );
  const composed = await composeGateway(database, onUpstream(upstream));
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  const socketPath = join(folder, 'gateway.sock');
  const control = { ready: async () => {}, metrics: async () => '', openapi: () => ({}) };
  const listener = await listen({ socket: socketPath }, composed.handler, control, { concurrency: 10 });
  onTestFinished(async () => {
    await upstream.close();
    await rm(folder, { recursive: true });
  });
  const { id, owner } = await testOrganization(database);
  const ask = (path: string, body: object) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' };
      request({ socketPath, path, method: 'POST', headers, agent: false }, resolve)
        .on('error', reject)
        .end(JSON.stringify({ ...hello, ...body }));
    });
  return { ...composed, upstream, listener, ask, id };
}

describe('a process that is replaced', () => {
  it('ends its streams with an error of their format when the time for them is over, and charges what came', async () => {
    const { listener, ask, close, id, upstream, log } = await start();
    const streams = [
      await ask('/v1/chat/completions', {}),
      await ask('/v1/responses', { input: 'Hello' }),
      await ask('/v1/messages', { max_tokens: 9 }),
    ];
    for (const { headers } of streams)
      expect(headers).toMatchObject({
        ...{ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
        'cache-control': 'no-cache, no-transform',
      });
    const texts = streams.map((stream) => text(stream));
    await listener.drain({ timeout: 20, drain: 0 });
    const [chat = '', responses = '', messages = ''] = await Promise.all(texts);
    expect(chat).toMatch(/data: \{"error":\{.*"code":"unavailable".*\}\}\n\n$/);
    expect(responses).toMatch(/event: error\ndata: .*"sequence_number":2,.*\n\n$/);
    expect(messages).toMatch(/event: error\ndata: \{"type":"error".*\n\n$/);
    for (const { closedAt } of upstream.visits) expect(closedAt).toBeDefined();
    await listener.close();
    await close();
    const { rows } = await booksOf(database, id);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['broken', 'broken', 'broken']);
    const logged = log.filter(({ message }) => message === 'Request');
    expect(logged.map(({ endpoint, status }) => [endpoint, status])).toEqual(
      expect.arrayContaining([
        ['/v1/chat/completions', 200],
        ['/v1/responses', 200],
        ['/v1/messages', 200],
      ]),
    );
  });
});
