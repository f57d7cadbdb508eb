import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse, type UpstreamStep } from '../../testing/upstream-server.ts';
import { chatDialect, responsesDialect } from '../dialects/index.ts';
import { eventsOf } from '../dialects/streams.fixture.ts';
import { createWorld, textOf, type World } from './exchange.fixture.ts';
import { role, text, whole, words } from './sample-stream.fixture.ts';

let world: World;
afterEach(() => world.close());

describe('a stream that fails', () => {
  it.each([
    ['the connection breaks', [sse(...words), 'cut'] as UpstreamStep[]],
    ['it ends early', [sse(...words)]],
    ['it ends in the middle of an event', [sse(...words), 'data: {"choi']],
  ])('after content because %s, ends with the error of the format', async (_, steps) => {
    world = await createWorld([[eventStream(...steps)]]);
    const answer = await textOf(await world.ask());
    expect(answer.startsWith(sse(...words))).toBe(true);
    expect(JSON.parse(answer.slice(sse(...words).length + 6)).error).toMatchObject({
      type: 'upstream_error',
      code: 'stream_interrupted',
    });
    expect(world.reports).toMatchObject([
      { outcome: 'broken', characters: text.length, usage: undefined, status: 200 },
    ]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'failure' }]);
  });

  it.each([
    [
      'of responses',
      sse(
        { type: 'response.created', sequence_number: 0 },
        { type: 'response.output_text.delta', sequence_number: 1, delta: 'Hi' },
      ),
    ],
    ['of chat completions', sse(...words)],
  ])('of a caller of responses, from an upstream %s, continues the numbers of its events', async (_, events) => {
    const wires = events.includes('response.') ? [responsesDialect] : [chatDialect];
    world = await createWorld([[eventStream(events, 'cut')]], { wires });
    const body = { model: 'default', stream: true, input: 'Hello' };
    const answer = await textOf(await world.ask({ dialect: responsesDialect, body }));
    const numbers = eventsOf(answer).map(({ data }) => JSON.parse(data).sequence_number);
    expect(numbers.length).toBeGreaterThan(2);
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  it.each([
    [
      'an overload',
      'event: error\n',
      { error: { type: 'overloaded_error', message: 'secret' } },
      { outcome: 'failure' },
    ],
    ['too many requests', '', { error: { code: 'rate_limit_exceeded', message: 'secret' } }, { cooldownMs: 1_000 }],
  ])('before content because of %s, goes to the next target', async (_, prefix, error, end) => {
    world = await createWorld([[eventStream(sse(role), prefix + sse(error), 'hang')], [eventStream(whole)]]);
    const answer = await world.ask();
    expect(answer.target.name).toBe('t2');
    expect(await textOf(answer)).toBe(whole);
    expect(world.reports).toMatchObject([
      { attempt: 1, outcome: 'failed', target: { name: 't1' } },
      { attempt: 2, outcome: 'done', target: { name: 't2' } },
    ]);
    expect(world.memory.ends[0]).toMatchObject(end);
    await world.servers[0]?.visits[0]?.ended;
  });

  it('by an overload after content, ends with that error and none of its words', async () => {
    const error = `event: error\n${sse({ error: { type: 'overloaded_error', message: 'secret' } })}`;
    world = await createWorld([[eventStream(sse(...words), error, sse('[DONE]'))], [eventStream(whole)]]);
    const answer = await textOf(await world.ask());
    expect(answer).toContain('overloaded_error');
    expect(answer).not.toContain('secret');
    expect(answer).not.toContain('[DONE]');
    expect(world.servers[1]?.visits).toEqual([]);
    expect(world.reports).toMatchObject([{ outcome: 'broken', code: 'overloaded_error' }]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'failure' }]);
  });

  it.each([
    [429, 'upstream-rate-limited', 429],
    [529, 'upstream-overloaded', 503],
    [503, 'upstream-overloaded', 503],
    [504, 'upstream-timeout', 504],
    [500, 'upstream-failed', 502],
  ])('everywhere before content, with %i at last, is the problem %s', async (status, type, ours) => {
    const first = eventStream(sse({ error: { type: 'overloaded_error' } }));
    world = await createWorld([[first], [jsonReply({ error: { message: 'no' } }, status)]]);
    await expect(world.ask()).rejects.toMatchObject({ type, status: ours });
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { outcome: 'failed', status }]);
  });

  it.each([
    ['an endless line', eventStream({ bytes: 'x'.repeat(65_536), times: 1_000 })],
    ['garbage', { garbage: 'no HTTP\r\n\r\n' }],
    ['an answer of JSON that fails', jsonReply({ error: { type: 'overloaded_error' } })],
    ['a page', { headers: { 'content-type': 'text/html' }, steps: ['<html></html>'] }],
    ['an empty stream', eventStream()],
  ])('by %s, goes to the next target', async (_, reply) => {
    world = await createWorld([[reply], [eventStream(whole)]]);
    expect(await textOf(await world.ask())).toBe(whole);
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { outcome: 'done' }]);
    expect(world.memory.ends[0]).toMatchObject({ outcome: 'failure' });
  });

  it('to begin within the events that are held, cannot go elsewhere any more', async () => {
    const error = sse({ error: { type: 'overloaded_error' } });
    world = await createWorld([[eventStream(sse(...Array(10).fill(role)), error)], [eventStream(whole)]], {
      heldEvents: 8,
    });
    const answer = await textOf(await world.ask());
    expect(answer).toContain('overloaded_error');
    expect(world.servers[1]?.visits).toEqual([]);
  });
});
