import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, jsonReply, sse, type UpstreamStep } from '../../testing/upstream-server.ts';
import { chatDialect, messagesDialect, responsesDialect } from '../dialects/index.ts';
import { anthropic, chunk, delta, eventsOf, openai } from '../dialects/streams.fixture.ts';
import {
  answerCutInTurn,
  askAtEachCut,
  createWorld,
  cutInTurn,
  otherDialect,
  textOf,
  type World,
} from './exchange.fixture.ts';

let world: World;
afterEach(() => world.close());

const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const role = delta({ role: 'assistant', content: '' });
const finish = delta({}, { finish_reason: 'stop' });
const count = chunk([], { usage });
const text = 'Привет 🙂 北京';
const words = [role, delta({ content: 'Привет ' }), delta({ content: '🙂 ' }), delta({ content: '北京' })];
const whole = sse(...words, finish, count, '[DONE]');

/** What a reader of the stream sees. */
function contentOf(stream: string): string {
  return stream
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)).choices?.[0]?.delta?.content ?? '')
    .join('');
}

describe('a stream in the format of the upstream', () => {
  it.each([
    ['LF', whole],
    ['CRLF', whole.replaceAll('\n', '\r\n')],
    ['a mixture', whole.replaceAll('\n\n', '\r\n\n')],
  ])('passes byte by byte as it is, with %s, cut at every byte', async (_, stream) => {
    world = await createWorld([[{}]], { adapter: answerCutInTurn(stream) });
    const answers = await askAtEachCut(world, stream);
    // The last line feed after a carriage return is not waited for.
    expect(new Set(answers.map((answer) => answer.replace(/\r$/, '\r\n')))).toEqual(new Set([stream]));
    const report = expect.objectContaining({ outcome: 'done', usage: { input: 12, output: 5 }, status: 200 });
    expect(world.reports).toEqual(answers.map(() => report));
    expect(world.memory.ends.every(({ outcome }) => outcome === 'success')).toBe(true);
    expect(world.memory.inUse()).toBe(0);
  });

  it('passes in pieces of the network of any size, over connections that are used again', async () => {
    world = await createWorld([cutInTurn(whole)]);
    expect(new Set(await askAtEachCut(world, whole))).toEqual(new Set([whole]));
    expect(await world.servers[0]?.connections()).toBeLessThanOrEqual(8);
  });

  it('has no count for a caller who does not ask, and is counted all the same', async () => {
    world = await createWorld([[eventStream(whole)]]);
    const answer = await textOf(await world.ask({ includeUsage: false }));
    expect(answer).toBe(sse(...words, finish, '[DONE]'));
    expect(world.reports).toMatchObject([{ usage: { input: 12, output: 5 } }]);
    expect(JSON.parse(String(world.servers[0]?.visits[0]?.body))).toMatchObject({
      model: 'model-t1',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('has one count where it stood next to the finish', async () => {
    const counted = delta({}, { finish_reason: 'stop' });
    world = await createWorld([[eventStream(sse(...words, { ...counted, usage }, '[DONE]'))]]);
    const answer = await textOf(await world.ask());
    const chunks = answer.split('\n\n').filter((line) => line.startsWith('data: {'));
    const counts = chunks.map((line) => JSON.parse(line.slice(6)));
    expect(counts.at(-1)).toMatchObject({ choices: [], usage });
    expect(counts.filter((each) => each.usage)).toHaveLength(1);
    expect(counts.at(-2)).toEqual({ ...counted, usage: null });
    expect(answer.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 } }]);
  });

  it('takes the last count of several', async () => {
    const counting = words.map((word, index) => ({ ...word, usage: { ...usage, completion_tokens: index } }));
    world = await createWorld([[eventStream(sse(...counting, finish, count, '[DONE]'))]]);
    const uncounted = words.map((word) => ({ ...word, usage: null }));
    expect(await textOf(await world.ask())).toBe(sse(...uncounted, finish, count, '[DONE]'));
    expect(world.reports).toMatchObject([{ usage: { input: 12, output: 5 } }]);
  });

  it('counts characters where the upstream counts nothing', async () => {
    const call = delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'find', arguments: '{"q":1}' } }] });
    const escaped = 'data: {"choices":[{"delta":{"content":"\\u0041\\n\\"🙂"}}]}\n\n';
    world = await createWorld([
      [eventStream(sse(...words), sse(delta({ reasoning_content: 'hm' }), call), escaped, sse(finish, '[DONE]'))],
    ]);
    await textOf(await world.ask());
    expect(world.reports).toMatchObject([
      { outcome: 'done', usage: undefined, characters: text.length + 2 + 4 + 7 + 5 },
    ]);
  });

  it('keeps comments from the caller, and what stands next to them in one piece of the network', async () => {
    world = await createWorld([
      [
        eventStream(
          `: PROCESSING\n\n${sse(...words)}: more\n\n: and\ndata: ${JSON.stringify(finish)}\n\n${sse('[DONE]')}`,
        ),
      ],
    ]);
    const answer = await textOf(await world.ask());
    expect(contentOf(answer)).toBe(text);
    expect(answer).not.toContain('PROCESSING');
    expect(answer.endsWith(sse('[DONE]'))).toBe(true);
  });

  it('passes chunks without choices and choices without a delta', async () => {
    const azure = [chunk([], { model: '', prompt_filter_results: [{}] }), chunk([{ index: 0, finish_reason: null }])];
    const stream = sse(...azure, ...words, finish, count, '[DONE]');
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(stream);
  });

  it('passes an event that is malformed, and counts what comes later', async () => {
    const stream = `${sse(...words)}data: {"choices":[{"del\n\n${sse(finish, count, '[DONE]')}`;
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(stream);
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 }, malformed: 1 }]);
  });

  it.each([
    ['before content', `data: {"choices":[\n\n${whole}`, 1],
    ['with a count', whole.replace(sse(count), `data: {"usage":{"prompt\n\n${sse(count)}`), 1],
    ['in lines of its own', whole.replace(sse(finish), `data: {"id":\r\n\r\ndata: no\n\n${sse(finish)}`), 2],
    [
      'that are comments, or end with other fields',
      whole.replace(sse(finish), `: hi\n\n${sse(finish).trim()}\nid: 7\n\n`),
      0,
    ],
  ])('counts events that are malformed %s', async (_, stream, malformed) => {
    world = await createWorld([[eventStream(stream)]]);
    await textOf(await world.ask());
    expect(world.reports).toMatchObject([{ outcome: 'done', malformed }]);
  });

  it('passes events of 200 kB', async () => {
    const long = 'ж'.repeat(100_000);
    const stream = sse(delta({ content: long }), delta({ content: long }), finish, count, '[DONE]');
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(stream);
  });

  it('is decoded when the upstream encodes it all the same', async () => {
    world = await createWorld([[{ ...eventStream(sse(...words), sse(finish, count, '[DONE]')), encoding: 'gzip' }]]);
    expect(await textOf(await world.ask())).toBe(whole);
  });

  it.each([
    ['ends after the finish', sse(...words, finish, count)],
    ['ends without a blank line', whole.slice(0, -2)],
  ])('is complete when the upstream %s', async (_, stream) => {
    world = await createWorld([[eventStream(stream)]]);
    expect(await textOf(await world.ask())).toBe(whole);
    expect(world.reports).toMatchObject([{ outcome: 'done' }]);
  });

  it('does not wait for a connection that stays open after the end', async () => {
    world = await createWorld([[eventStream(whole, 'hang')]]);
    expect(await textOf(await world.ask())).toBe(whole);
    await world.servers[0]?.visits[0]?.ended;
    expect(world.reports).toMatchObject([{ outcome: 'done' }]);
  });
});

describe('a stream in another format', () => {
  it('holds the same text and count, cut at every byte', async () => {
    const stream = sse(...words, finish, count, '[DONE]').replaceAll('\n', '\r\n');
    world = await createWorld([[{}]], { adapter: answerCutInTurn(stream) });
    const answers = await askAtEachCut(world, stream, { dialect: otherDialect });
    const [answer = ''] = answers;
    expect(new Set(answers)).toEqual(new Set([answer]));
    expect(contentOf(answer)).toBe(text);
    expect(answer.endsWith(sse('[DONE]'))).toBe(true);
    const report = { outcome: 'done', usage: { input: 12, output: 5 }, characters: text.length };
    expect(world.reports).toEqual(answers.map(() => expect.objectContaining(report)));
  });

  it('ends with an error at an event that is malformed', async () => {
    const stream = `${sse(...words)}data: {"choices":[{"del\n\n${sse(finish, '[DONE]')}`;
    world = await createWorld([[eventStream(stream)]]);
    const answer = await textOf(await world.ask({ dialect: otherDialect }));
    expect(contentOf(answer)).toBe(text);
    expect(answer).toContain('invalid_upstream_event');
    expect(answer).not.toContain('[DONE]');
    expect(world.reports).toMatchObject([{ outcome: 'broken', characters: text.length }]);
    expect(world.memory.ends).toMatchObject([{ outcome: 'failure' }]);
  });
});

describe('an answer of JSON in place of a stream', () => {
  const message = { role: 'assistant', content: text, refusal: null };
  const head = { id: 'chatcmpl-1', object: 'chat.completion', created: 1_700_000_000, model: 'gpt-x' };
  const completion = { ...head, choices: [{ index: 0, message, finish_reason: 'stop' }], usage };

  it.each([true, false])(
    'becomes one in the same format, with a count where the caller asks: %s',
    async (includeUsage) => {
      world = await createWorld([[jsonReply(completion)]]);
      const stream = await textOf(await world.ask({ includeUsage }));
      expect(stream.endsWith('data: [DONE]\n\n')).toBe(true);
      const read = openai({ body: stream }).chat.completions.stream({ model: 'x', messages: [] });
      const { choices, usage: counted } = await read.finalChatCompletion();
      expect(choices).toMatchObject([{ message: { content: text }, finish_reason: 'stop' }]);
      expect(counted ?? undefined).toEqual(includeUsage ? usage : undefined);
      expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 }, model: 'gpt-x' }]);
      expect(world.memory.ends).toMatchObject([{ outcome: 'success' }]);
    },
  );

  it('becomes one in another format', async () => {
    world = await createWorld([[jsonReply(completion)]]);
    const body = { model: 'default', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi' }] };
    const stream = await textOf(await world.ask({ dialect: messagesDialect, body }));
    expect(
      await anthropic({ body: stream })
        .messages.stream(body as never)
        .finalMessage(),
    ).toMatchObject({
      ...{ content: [{ type: 'text', text }], stop_reason: 'end_turn' },
      usage: { input_tokens: 12, output_tokens: 5 },
    });
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: { input: 12, output: 5 } }]);
  });

  it('is counted by its characters where the upstream counts nothing', async () => {
    const { usage: _, ...uncounted } = completion;
    world = await createWorld([[jsonReply(uncounted)]]);
    await textOf(await world.ask());
    expect(world.reports).toMatchObject([{ outcome: 'done', usage: undefined, characters: text.length }]);
  });

  it('that is no answer goes to the next target', async () => {
    world = await createWorld([[jsonReply({ hello: 'world' })], [eventStream(whole)]]);
    expect(await textOf(await world.ask())).toBe(whole);
    expect(world.reports).toMatchObject([{ outcome: 'failed' }, { outcome: 'done' }]);
  });
});

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
