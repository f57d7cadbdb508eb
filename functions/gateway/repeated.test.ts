import { describe, expect, it } from 'vitest';
import { booksOf } from '../../modules/commerce/metering/calls/calls.fixture.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { eventStream, jsonReply, sse } from '../../modules/testing/upstream-server.ts';
import { chunks, completion, gatewayScene } from './gateway.fixture.ts';

const { database, withUpstream } = await gatewayScene();
const hello = { model: 'small', messages: [{ role: 'user' as const, content: 'Hello' }] };
const path = '/v1/chat/completions';

const slowly = { ...jsonReply(completion('Hi')), headersAfterMs: 400 };
const said = sse(...chunks(['Hel', 'lo']));

async function scene(script: Parameters<typeof withUpstream>[0]) {
  const [made, { id, owner }] = [await withUpstream(script), await testOrganization(database)];
  const ask = (body: object, headers: Record<string, string> = {}, as = owner) =>
    made.gateway.post(path, { ...hello, ...body }, as, headers);
  const charged = async (rows: number) => {
    await expect.poll(async () => (await booksOf(database, id)).rows.length).toBe(rows);
    return (await booksOf(database, id)).rows.map(({ outcome, cost }) => [outcome, Number(cost)]);
  };
  return { ...made, owner, ask, charged };
}

describe('an Idempotency-Key', () => {
  it('makes one call and one charge of several requests, also of those at the same time', async () => {
    const { upstream, ask, charged } = await scene([slowly]);
    const key = { 'idempotency-key': 'call-1' };
    const both = await Promise.all([ask({}, key), ask({}, key)]);
    const answers = [...both, await ask({}, key)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(2);
    expect(upstream.visits).toHaveLength(1);
    expect(await charged(1)).toEqual([['done', 20]]);
  });

  it('replays a stream as a stream', async () => {
    const { upstream, ask, charged } = await scene([eventStream(said)]);
    const key = { 'idempotency-key': 'call-2' };
    const options = { stream: true, stream_options: { include_usage: true } };
    const first = await (await ask(options, key)).text();
    expect(first).toBe(said);
    await charged(1);
    const again = await ask(options, key);
    expect(again.headers.get('content-type')).toContain('text/event-stream');
    expect(await again.text()).toBe(first);
    expect(upstream.visits).toHaveLength(1);
  });

  it('gives the whole answer to a client that lost the connection and comes back', async () => {
    const { upstream, ask, charged } = await scene([eventStream(said.slice(0, 400), { waitMs: 300 }, said.slice(400))]);
    const key = { 'idempotency-key': 'call-3' };
    const options = { stream: true, stream_options: { include_usage: true } };
    const first = await ask(options, key);
    const reader = first.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(await (await ask(options, key)).text()).toBe(said);
    expect(upstream.visits).toHaveLength(1);
    expect(await charged(1)).toEqual([['done', 20]]);
  });

  it('is refused for another request, and means nothing to another person', async () => {
    const { upstream, ask, gateway } = await scene([jsonReply(completion('Hi'))]);
    const key = { 'idempotency-key': 'call-4' };
    await ask({}, key);
    const other = await ask({ temperature: 1 }, key);
    expect([other.status, await other.json()]).toMatchObject([422, { error: { code: 'idempotency_mismatch' } }]);
    const message = await gateway.post(
      '/v1/messages',
      { ...hello, max_tokens: 9 },
      (await testOrganization(database)).owner,
      key,
    );
    expect(message.status).toBe(200);
    expect(upstream.visits).toHaveLength(2);
  });

  it('may be used again after a call that failed', async () => {
    const { ask, charged } = await scene([jsonReply({ error: { message: 'no' } }, 500), jsonReply(completion('Hi'))]);
    const key = { 'idempotency-key': 'call-5' };
    expect((await ask({}, key)).status).toBe(502);
    expect((await ask({}, key)).status).toBe(200);
    expect(await charged(2)).toEqual([
      ['failed', 0],
      ['done', 20],
    ]);
  });
});

describe('the cache', () => {
  const keep = { 'x-pandect-cache': '60' };

  it('answers equal requests of an organization from one call, which alone is charged', async () => {
    const { upstream, ask, charged } = await scene([slowly]);
    const answers = await Promise.all([
      ask({}, keep),
      ask({ user: 'anna' }, keep),
      ask({ metadata: { a: '1' } }, keep),
    ]);
    answers.push(await ask({}, keep));
    expect(new Set(await Promise.all(answers.map((answer) => answer.text()))).size).toBe(1);
    expect(answers.map(({ headers }) => headers.get('x-pandect-cache')).toSorted()).toEqual([
      'hit',
      'hit',
      'hit',
      'miss',
    ]);
    expect(upstream.visits).toHaveLength(1);
    expect((await charged(4)).toSorted()).toEqual([
      ['cached', 0],
      ['cached', 0],
      ['cached', 0],
      ['done', 20],
    ]);
  });

  it('replays a stream, and keeps none that broke off', async () => {
    const { upstream, ask } = await scene([eventStream(said.slice(0, 500), 'cut'), eventStream(said)]);
    const options = { stream: true, stream_options: { include_usage: true } };
    expect(await (await ask(options, keep)).text()).toContain('stream_interrupted');
    expect(await (await ask(options, keep)).text()).toBe(said);
    await expect.poll(async () => (await ask(options, keep)).headers.get('x-pandect-cache')).toBe('hit');
    expect(upstream.visits).toHaveLength(2);
  });

  it('misses whatever could be answered otherwise', async () => {
    const { upstream, ask, gateway } = await scene([jsonReply(completion('Hi'))]);
    const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const result = (id: string) => [
      ...hello.messages,
      { role: 'assistant', content: null, tool_calls: [{ ...call, id }] },
      { role: 'tool', tool_call_id: id, content: 'x' },
    ];
    const requests = [
      {},
      { tools },
      { response_format: { type: 'json_object' } },
      { messages: result('a') },
      { messages: result('b') },
      { model: 'large' },
      { seed: 1 },
    ];
    for (const body of requests) expect((await ask(body, keep)).headers.get('x-pandect-cache')).toBe('miss');
    const stranger = (await testOrganization(database)).owner;
    expect((await ask({}, keep, stranger)).headers.get('x-pandect-cache')).toBe('miss');
    const dialect = await gateway.post('/v1/messages', { ...hello, max_tokens: 9 }, stranger, keep);
    expect(dialect.headers.get('x-pandect-cache')).toBe('miss');
    expect(upstream.visits).toHaveLength(requests.length + 2);
  });

  it('is not looked into unless it is asked for', async () => {
    const { upstream, ask } = await scene([jsonReply(completion('Hi'))]);
    await ask({ temperature: 0 });
    expect((await ask({ temperature: 0 })).headers.get('x-pandect-cache')).toBeNull();
    expect(upstream.visits).toHaveLength(2);
  });
});
