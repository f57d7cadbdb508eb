import { afterEach, describe, expect, it } from 'vitest';
import { eventStream, sse } from '../../testing/upstream-server.ts';
import type { Json } from '../dialects/contract.ts';
import { messagesDialect } from '../dialects/index.ts';
import { anthropic, chunk, delta, openai } from '../dialects/streams.fixture.ts';
import { createAnthropicAdapter } from '../providers/anthropic/adapter.ts';
import { answerCutInTurn, askAtEachCut, createWorld, textOf, type World } from './exchange.fixture.ts';

let world: World;
afterEach(() => world.close());

const text = 'Привет 🙂 北京';
const anthropicEvents = (...events: Json[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const start = { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 1 };
const begin = anthropicEvents(
  {
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content: [], usage: start },
  },
  { type: 'ping' },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
);
const words = anthropicEvents(
  ...['Привет ', '🙂 ', '北京'].map((piece) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: piece },
  })),
);
const end = anthropicEvents(
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
);
const overloaded = anthropicEvents({ type: 'error', error: { type: 'overloaded_error', message: 'secret' } });
const message = begin + words + end;

const anthropicWorld = (...scripts: Parameters<typeof createWorld>[0]) =>
  createWorld(scripts, { adapter: createAnthropicAdapter(messagesDialect) });
const body = { model: 'default', max_tokens: 100, stream: true, messages: [{ role: 'user', content: 'Hello' }] };
const count = { input: 420, cached: 300, cacheWrite: 20, output: 7 };

/** Without what differs between two answers. */
const untimed = (answer: string) => answer.replaceAll(/"id":"[^"]*"|"created":\d+/g, '');

describe('an upstream of messages', () => {
  it('passes to a caller of messages, cut at every byte, and is counted', async () => {
    world = await createWorld([[{}]], {
      adapter: { ...createAnthropicAdapter(messagesDialect), ...answerCutInTurn(message) },
    });
    const answers = await askAtEachCut(world, message, { dialect: messagesDialect, body });
    expect(new Set(answers)).toEqual(new Set([message]));
    expect(world.reports).toEqual(answers.map(() => expect.objectContaining({ outcome: 'done', usage: count })));
  });

  it('is translated for a caller of chat completions, cut at every byte', async () => {
    world = await createWorld([[{}]], {
      adapter: { ...createAnthropicAdapter(messagesDialect), ...answerCutInTurn(message) },
    });
    const answers = await askAtEachCut(world, message);
    const [answer = ''] = answers;
    expect(new Set(answers.map(untimed))).toEqual(new Set([untimed(answer)]));
    const chunks = answer.split('\n\n').filter((line) => line.startsWith('data: {'));
    const parsed = chunks.map((line) => JSON.parse(line.slice(6)));
    expect(parsed.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(text);
    expect(parsed.filter(({ usage }) => usage)).toEqual([
      expect.objectContaining({ choices: [], usage: expect.objectContaining({ prompt_tokens: 420 }) }),
    ]);
    expect(world.reports).toEqual(answers.map(() => expect.objectContaining({ outcome: 'done', usage: count })));
    const completion = await openai({ body: answer }).chat.completions.stream({ model: 'x', messages: [] });
    expect((await completion.finalChatCompletion()).choices[0]?.message.content).toBe(text);
  });

  it('that is overloaded before content gives way to the next target', async () => {
    world = await anthropicWorld([eventStream(begin, overloaded)], [eventStream(message)]);
    expect(await textOf(await world.ask({ dialect: messagesDialect, body }))).toBe(message);
    expect(world.reports).toMatchObject([{ outcome: 'failed', code: 'overloaded_error' }, { outcome: 'done' }]);
  });

  it('that is overloaded after content is said to be so, and charged with what came', async () => {
    world = await anthropicWorld([eventStream(begin, words, overloaded)]);
    const stream = await textOf(await world.ask({ dialect: messagesDialect, body }));
    expect(stream.startsWith(begin + words)).toBe(true);
    expect(stream.slice((begin + words).length)).toMatch(/^event: error\ndata: {.*"overloaded_error".*}\n\n$/);
    expect(stream).not.toContain('secret');
    const client = anthropic({ body: stream }).messages.stream(body as never);
    await expect(client.finalMessage()).rejects.toThrow('overloaded');
    expect(world.reports).toMatchObject([{ outcome: 'broken', usage: { input: 420 }, characters: text.length }]);
  });

  it('that closes after the finish is complete', async () => {
    const [stop] = [anthropicEvents({ type: 'message_stop' })];
    world = await anthropicWorld([eventStream(message.slice(0, -stop.length))]);
    expect(await textOf(await world.ask({ dialect: messagesDialect, body }))).toBe(message);
  });
});

describe('an upstream of chat completions', () => {
  const call = (fields: Json) => delta({ tool_calls: [{ index: 0, ...fields }] });
  const stream = sse(
    delta({ role: 'assistant', content: '' }),
    delta({ content: text }),
    call({ id: 'call_1', type: 'function', function: { name: 'find', arguments: '' } }),
    call({ function: { arguments: '{"q":"北京"}' } }),
    delta({}, { finish_reason: 'tool_calls' }),
    chunk([], { usage: { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 } }),
    '[DONE]',
  );

  it('is translated for a caller of messages, cut at every byte', async () => {
    world = await createWorld([[{}]], { adapter: answerCutInTurn(stream) });
    const answers = await askAtEachCut(world, stream, { dialect: messagesDialect, body });
    const [answer = ''] = answers;
    expect(new Set(answers.map(untimed))).toEqual(new Set([untimed(answer)]));
    const client = anthropic({ body: answer }).messages.stream(body as never);
    expect(await client.finalMessage()).toMatchObject({
      content: [
        { type: 'text', text },
        { type: 'tool_use', name: 'find', input: { q: '北京' } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 12, output_tokens: 5 },
    });
  });

  it('that breaks off ends the message with an error', async () => {
    world = await createWorld([[eventStream(stream.slice(0, 500), 'cut')]]);
    const written = await textOf(await world.ask({ dialect: messagesDialect, body }));
    expect(written).toMatch(/event: error\ndata: {.*}\n\n$/);
    expect(written).not.toContain('message_stop');
  });
});
