import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse, startUpstreamServer } from '../../testing/upstream-server.ts';
import { chunk, delta } from '../dialects/streams.fixture.ts';
import { bodyOf, createWorld, textOf, type World } from './exchange.fixture.ts';

let world: World;
afterEach(() => world.close());

const role = sse(delta({ role: 'assistant', content: '' }));
const word = sse(delta({ content: 'yes' }));
const end = sse(
  delta({}, { finish_reason: 'stop' }),
  chunk([], { usage: { prompt_tokens: 1, completion_tokens: 1 } }),
  '[DONE]',
);
const good = eventStream(word + end);
const limits = (timeouts: object, others: object = {}) => ({ target: { timeouts }, ...others });

/** Milliseconds that something took. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

describe('the wait for the first token', () => {
  const first = limits({ firstMs: 500 });

  it.each([
    ['nothing', { headersAfterMs: 5_000 }],
    ['headers', eventStream('hang')],
    ['a role', eventStream({ waitMs: 100 }, role, 'hang')],
    ['signs of life', eventStream(...Array.from({ length: 40 }, () => [': ping\n\n', { waitMs: 50 }]).flat())],
  ])('ends in time, and the next target is asked, when only %s came', async (_, reply) => {
    world = await createWorld([[reply], [good]], first);
    const ms = await timed(async () => expect(await textOf(await world.ask())).toBe(word + end));
    expect(ms).toBeGreaterThanOrEqual(500);
    expect(ms).toBeLessThan(1_200);
    expect(world.reports[0]).toMatchObject({ outcome: 'failed', code: 'first_token_timeout', firstMs: undefined });
    expect(world.memory.ends[0]).toMatchObject({ outcome: 'failure' });
    await world.servers[0]?.visits[0]?.ended;
    expect(world.servers[0]?.visits[0]?.closedAt).toBeDefined();
  });

  it('is over at the first reasoning', async () => {
    const reasoning = sse(delta({ reasoning_content: 'hm' }));
    world = await createWorld([[eventStream(reasoning, { waitMs: 1_000 }, word + end)]], first);
    expect(await textOf(await world.ask())).toBe(reasoning + word + end);
    expect(world.reports[0]?.firstMs).toBeLessThan(500);
  });

  it('of a whole answer ends at its first byte that is no blank', async () => {
    const blanks = Array.from({ length: 20 }, () => ['\n', { waitMs: 100 }]).flat();
    world = await createWorld([[eventStream(...blanks)]], first);
    await expect(world.ask({ stream: false })).rejects.toMatchObject({ type: 'upstream-timeout', status: 504 });
  });
});

describe('a stream that stalls', () => {
  it('ends with an error in time, and closes the connection', async () => {
    world = await createWorld([[eventStream(word, 'hang')]], limits({ idleMs: 500 }));
    const started = performance.now();
    const answer = await textOf(await world.ask());
    expect(answer).toMatch(/^data: .*yes.*\n\ndata: {"error":.*upstream_timeout/);
    await world.servers[0]?.visits[0]?.ended;
    expect((world.servers[0]?.visits[0]?.closedAt ?? 0) - started).toBeLessThan(1_000);
    expect(world.reports).toMatchObject([{ outcome: 'broken', code: 'idle_timeout', characters: 3 }]);
  });

  it('ends when it takes too long in all', async () => {
    const words = Array.from({ length: 100 }, () => [word, { waitMs: 50 }]).flat();
    world = await createWorld([[eventStream(...words)]], limits({ totalMs: 500 }));
    expect(await textOf(await world.ask())).toContain('upstream_timeout');
    expect(world.reports).toMatchObject([{ outcome: 'broken', code: 'total_timeout' }]);
  });
});

describe('a silent stream', () => {
  const times = { commitMs: 300, keepAliveMs: 300 };

  it('begins with signs of life that are comments, and ends well in the official client', async () => {
    world = await createWorld([[eventStream({ waitMs: 1_400 }, word, { waitMs: 700 }, end)]], times);
    const answer = await world.ask();
    expect(answer.kind).toBe('begun');
    const stream = await textOf(answer);
    expect(stream).toMatch(/^(: keep-alive\n){2,4}data: /);
    expect(stream.replaceAll(': keep-alive\n', '')).toBe(word + end);
    const relay = await startUpstreamServer([eventStream(stream)]);
    const client = new OpenAI({ apiKey: 'x', baseURL: relay.baseUrl });
    const read = await client.chat.completions.create({ model: 'x', messages: [], stream: true });
    expect((await Array.fromAsync(read)).map(({ choices }) => choices[0]?.delta.content)).toContain('yes');
    await relay.close();
  });

  it('can still be asked of the next target, as nothing of it was put out', async () => {
    const error = sse({ error: { type: 'overloaded_error' } });
    world = await createWorld([[eventStream(role, { waitMs: 700 }, error)], [good]], times);
    const answer = await world.ask();
    expect(answer.target.name).toBe('t1');
    expect((await textOf(answer)).replaceAll(': keep-alive\n', '')).toBe(word + end);
    expect(answer.target.name).toBe('t2');
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { outcome: 'done' }]);
  });

  it('ends with an error in the stream when all targets fail', async () => {
    world = await createWorld([[{ ...jsonReply({}, 529), headersAfterMs: 700 }]], times);
    const stream = await textOf(await world.ask());
    expect(stream).toMatch(/^(: keep-alive\n)+data: {"error".*overloaded_error.*\n\n$/);
  });

  it('is no whole answer, which is waited for', async () => {
    const answer = { choices: [{ index: 0, message: { content: 'yes' }, finish_reason: 'stop' }] };
    world = await createWorld([[{ ...jsonReply(answer), headersAfterMs: 700 }]], times);
    const whole = await world.ask({ stream: false, body: bodyOf(false) });
    expect(JSON.parse(await textOf(whole))).toEqual(answer);
  });
});
