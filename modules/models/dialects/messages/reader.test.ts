import { describe, expect, it } from 'vitest';
import { chatDialect } from '../chat/chat-dialect.ts';
import type { Json } from '../contract.ts';
import { event, eventsOf, gather, openai, readAll, waysToCut, writeAll } from '../streams.fixture.ts';
import { messagesDialect } from './messages-dialect.ts';
import { ANSWER_TOOL } from './write-tools.ts';

const usage = { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 1 };
const start = (counted: Json = usage) =>
  event({
    type: 'message_start',
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: counted },
  });
const open = (index: number, block: Json) => event({ type: 'content_block_start', index, content_block: block });
const piece = (index: number, said: Json) => event({ type: 'content_block_delta', index, delta: said });
const json = (index: number, text: string) => piece(index, { type: 'input_json_delta', partial_json: text });
const close = (index: number) => event({ type: 'content_block_stop', index });
const end = (reason: string, counted: Json = { output_tokens: 7 }) => [
  event({ type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage: counted }),
  event({ type: 'message_stop' }),
];
const tool = (id: string, name: string) => ({ type: 'tool_use', id, name, input: {} });
const read = (events: ReturnType<typeof event>[]) => readAll(messagesDialect.createReader(), events);

const textAndTools = [
  start(),
  event({ type: 'ping' }),
  open(0, { type: 'text', text: '' }),
  piece(0, { type: 'text_delta', text: 'Ищу в 北京' }),
  close(0),
  open(1, tool('toolu_a', 'find')),
  json(1, ''),
  json(1, '{"q":'),
  json(1, '"Пекин"}'),
  close(1),
  open(2, tool('toolu_b', 'now')),
  json(2, ''),
  close(2),
  ...end('tool_use'),
];
const counted = {
  prompt_tokens: 420,
  completion_tokens: 7,
  total_tokens: 427,
  prompt_tokens_details: { cached_tokens: 300, cache_write_tokens: 20 },
};

describe('a stream of messages as chunks', () => {
  it('numbers calls from 0, and names each once', () => {
    const chunks = read(textAndTools);
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(deltas.filter(({ id }) => id !== undefined).map(({ index, id }) => [index, id])).toEqual([
      [0, 'toolu_a'],
      [1, 'toolu_b'],
    ]);
    expect(gather(chunks)).toEqual({
      text: 'Ищу в 北京',
      reasoning: '',
      calls: [
        { id: 'toolu_a', name: 'find', arguments: '{"q":"Пекин"}' },
        { id: 'toolu_b', name: 'now', arguments: '{}' },
      ],
      finish: 'tool_calls',
      usage: counted,
    });
  });

  it("is read by OpenAI's client, cut at every byte, with one count before the end", async () => {
    const text = writeAll(chatDialect, read(textAndTools));
    const parsed = eventsOf(text)
      .slice(0, -1)
      .map(({ data }) => JSON.parse(data) as Json);
    expect(parsed.filter((one) => one.usage !== null)).toMatchObject([{ choices: [], usage: counted }]);
    expect(parsed.at(-1)).toMatchObject({ choices: [] });
    for (const cuts of waysToCut(text)) {
      const stream = openai({ body: text, cuts }).chat.completions.stream({ model: 'route', messages: [] });
      expect((await stream.finalChatCompletion()).choices[0]).toMatchObject({
        finish_reason: 'tool_calls',
        message: {
          content: 'Ищу в 北京',
          tool_calls: [{ function: { arguments: '{"q":"Пекин"}' } }, { id: 'toolu_b' }],
        },
      });
    }
  });

  it('keeps the signature of what the model thought, so that it can be sent back', () => {
    const chunks = read([
      start(),
      open(0, { type: 'thinking', thinking: '', signature: '' }),
      piece(0, { type: 'thinking_delta', thinking: 'Well' }),
      piece(0, { type: 'thinking_delta', thinking: ', yes' }),
      piece(0, { type: 'signature_delta', signature: 'c2ln' }),
      close(0),
      open(1, { type: 'redacted_thinking', data: 'AAAA' }),
      close(1),
      ...end('end_turn'),
    ]);
    expect(gather(chunks).reasoning).toBe('Well, yes');
    const kept = chunks.map(({ choices }) => (choices[0]?.delta as Json | undefined)?.x_anthropic).filter(Boolean);
    expect(kept.at(-1)).toEqual({
      thinking: [
        { type: 'thinking', thinking: 'Well, yes', signature: 'c2ln' },
        { type: 'redacted_thinking', data: 'AAAA' },
      ],
    });
  });

  it('has the input of the tool for the answer as its content', () => {
    const events = [
      start(),
      open(0, tool('toolu_a', ANSWER_TOOL)),
      json(0, '{"a"'),
      json(0, ':1}'),
      close(0),
      ...end('tool_use'),
    ];
    expect(gather(read(events))).toMatchObject({ text: '{"a":1}', calls: [], finish: 'stop' });
  });

  it('takes the input of a call that comes whole', () => {
    const events = [start(), open(0, { ...tool('toolu_a', 'find'), input: { q: 1 } }), close(0), ...end('tool_use')];
    expect(gather(read(events)).calls).toMatchObject([{ arguments: '{"q":1}' }]);
  });

  it('takes the count from the end where that has all figures, and none from figures that are wrong', () => {
    const all = { input_tokens: 8, output_tokens: 3 };
    expect(gather(read([start({}), ...end('end_turn', all)])).usage).toEqual({
      prompt_tokens: 8,
      completion_tokens: 3,
      total_tokens: 11,
    });
    expect(
      gather(read([start({}), ...end('end_turn', { input_tokens: -8, output_tokens: '3' })])).usage,
    ).toBeUndefined();
    expect(gather(read([start({ ...all, cache_read_input_tokens: 0 }), ...end('end_turn')])).usage).toMatchObject({
      prompt_tokens_details: { cached_tokens: 0 },
    });
  });

  it('passes over events and blocks that are not known', () => {
    const events = [
      start(),
      event({ type: 'news', index: 0 }),
      open(0, { type: 'server_thing', id: 'x' }),
      piece(0, { type: 'thing_delta', thing: 'y' }),
      piece(9, { type: 'text_delta', text: 'of no block' }),
      close(0),
      ...end('new_reason'),
    ];
    expect(gather(read(events))).toMatchObject({ text: '', calls: [], finish: 'stop' });
  });

  it('is not read past an event that is malformed or an error', () => {
    expect(() => read([{ event: 'message_start', data: '{"type":' }])).toThrow('invalid-upstream-answer');
    expect(() => read([event({ type: 'error', error: { type: 'overloaded_error' } })])).toThrow(
      'invalid-upstream-answer',
    );
  });
});
