import type Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { streamInterrupted, upstreamOverloaded } from '../../problems.ts';
import type { ChatChunk, Json } from '../contract.ts';
import { anthropic, chunk, delta, eventsOf, toolInput, waysToCut, writeAll } from '../streams.fixture.ts';
import { messagesDialect } from './messages-dialect.ts';

const usage = {
  prompt_tokens: 420,
  completion_tokens: 7,
  total_tokens: 427,
  prompt_tokens_details: { cached_tokens: 300, cache_write_tokens: 20 },
};
const call = (index: number, fields: Json) => delta({ tool_calls: [{ index, ...fields }] });
const begin = (index: number, name: string) =>
  call(index, { id: `call_${index}`, type: 'function', function: { name, arguments: '' } });
const args = (index: number, text: string) => call(index, { function: { arguments: text } });
const finish = (reason: string, rest: Json = {}) => chunk([{ index: 0, delta: {}, finish_reason: reason, ...rest }]);

const write = (chunks: Json[]) => writeAll(messagesDialect, chunks);
const typesOf = (text: string) => eventsOf(text).map((one) => one.event);
const params = { model: 'route', max_tokens: 10, messages: [{ role: 'user' as const, content: 'hi' }] };
const messageOf = (text: string, cuts: number[] = []): Promise<Anthropic.Message> =>
  anthropic({ body: text, cuts }).messages.stream(params).finalMessage();

const everything = [
  delta({ role: 'assistant', content: '' }),
  delta({ reasoning_content: 'Думаю 🤔' }),
  delta({ x_anthropic: { thinking: [{ type: 'thinking', thinking: 'Думаю 🤔', signature: 'c2ln' }] } }),
  delta({ content: 'Привет ' }),
  delta({ content: '北京' }),
  begin(0, 'find'),
  args(0, '{"q":"Пе'),
  args(0, 'кин"}'),
  begin(1, 'open'),
  args(1, '{"id":7}'),
  finish('tool_calls'),
  chunk([], { usage }),
];

describe('a stream of messages', () => {
  it('is read by the official client, cut at every byte', async () => {
    const text = write(everything);
    for (const cuts of waysToCut(text)) {
      const message = await messageOf(text, cuts);
      expect(message).toMatchObject({
        role: 'assistant',
        model: 'route',
        stop_reason: 'tool_use',
        content: [
          { type: 'thinking', thinking: 'Думаю 🤔', signature: 'c2ln' },
          { type: 'text', text: 'Привет 北京' },
          { type: 'tool_use', id: 'call_0', name: 'find', input: { q: 'Пекин' } },
          { type: 'tool_use', id: 'call_1', name: 'open', input: { id: 7 } },
        ],
        usage: { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 7 },
      });
    }
  });

  it('has both figures in its one `message_delta`, though the count comes after the finish', () => {
    const events = eventsOf(write([delta({ content: 'a' }), finish('stop'), chunk([], { usage })]));
    const deltas = events.filter((one) => one.event === 'message_delta').map(({ data }) => JSON.parse(data) as Json);
    expect(deltas).toEqual([
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 7 },
      },
    ]);
    expect(events.slice(-2).map((one) => one.event)).toEqual(['message_delta', 'message_stop']);
  });

  it('sends a call as soon as the one before it is whole', () => {
    const writer = messagesDialect.createWriter({ model: 'route', includeUsage: false });
    for (const one of everything.slice(0, 8)) writer.write(one as ChatChunk);
    const text = writer.write(begin(1, 'open') as ChatChunk);
    expect(typesOf(text)).toEqual(['content_block_stop', 'content_block_start']);
  });

  it('keeps what comes early of a second call until the first is whole', async () => {
    const text = write([
      begin(0, 'find'),
      begin(1, 'open'),
      args(0, '{"q":{"a":1}'),
      args(1, '{"id":'),
      delta({ content: 'late text' }),
      args(0, ',"b":2}'),
      args(1, '7}'),
      finish('tool_calls'),
    ]);
    expect((await messageOf(text)).content).toMatchObject([
      { type: 'tool_use', name: 'find', input: { q: { a: 1 }, b: 2 } },
      { type: 'tool_use', name: 'open', input: { id: 7 } },
      { type: 'text', text: 'late text' },
    ]);
  });

  it('never has two blocks open, and loses nothing, in whatever order fragments come', async () => {
    const piece = fc.oneof(
      fc.record({ content: fc.string({ minLength: 1, maxLength: 4 }) }),
      fc.record({ reasoning_content: fc.string({ minLength: 1, maxLength: 4 }) }),
      fc.record({ call: fc.nat(2) }),
    );
    const wanted = fc.array(toolInput, { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 20 }),
        wanted,
        fc.integer({ min: 1, max: 5 }),
        async (steps, inputs, size) => {
          const left = inputs.map((input) => JSON.stringify(input));
          const begun = new Set<number>();
          const chunks: Json[] = [];
          const push = (index: number, length: number) => {
            if (!begun.has(index)) chunks.push(begin(index, `tool_${index}`));
            begun.add(index);
            const fragment = left[index]?.slice(0, length) ?? '';
            left[index] = left[index]?.slice(length) ?? '';
            if (fragment !== '') chunks.push(args(index, fragment));
          };
          for (const step of steps) {
            if ('call' in step) push(step.call, size);
            else chunks.push(delta(step));
          }
          for (const index of begun) push(index, Number.POSITIVE_INFINITY);
          const text = write([...chunks, finish('tool_calls'), chunk([], { usage })]);

          let open: unknown;
          for (const one of eventsOf(text)) {
            const { index } = JSON.parse(one.data) as { index?: number };
            if (one.event === 'content_block_start') expect(open).toBeUndefined();
            if (one.event === 'content_block_start') open = index;
            if (one.event === 'content_block_delta' || one.event === 'content_block_stop') expect(index).toBe(open);
            if (one.event === 'content_block_stop') open = undefined;
          }
          const { content } = await messageOf(text);
          const said = (kind: 'content' | 'reasoning_content') =>
            steps.map((step) => (step as unknown as Record<string, string>)[kind] ?? '').join('');
          expect(content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(said('content'));
          expect(content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('')).toBe(
            said('reasoning_content'),
          );
          for (const index of begun) {
            const block = content.find((one) => one.type === 'tool_use' && one.name === `tool_${index}`);
            expect((block as Anthropic.ToolUseBlock).input).toEqual(inputs[index]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has a block for each piece of thinking, redacted ones included', async () => {
    const blocks = [
      { type: 'redacted_thinking', data: 'AAAA' },
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
    ];
    const text = write([
      delta({ x_anthropic: { thinking: blocks.slice(0, 1) } }),
      delta({ reasoning_content: 'hm' }),
      delta({ x_anthropic: { thinking: blocks } }),
      finish('stop'),
    ]);
    expect((await messageOf(text)).content).toEqual(blocks);
  });

  it('says that a refusal is one, and keeps a reason that OpenAI has no word for', async () => {
    const refused = await messageOf(write([delta({ refusal: 'No.' }), finish('stop')]));
    expect(refused).toMatchObject({ stop_reason: 'refusal', content: [{ type: 'text', text: 'No.' }] });
    expect(await messageOf(write([finish('stop', { x_stop_reason: 'pause_turn' })]))).toMatchObject({
      stop_reason: 'pause_turn',
      content: [],
    });
  });

  it('ends with an error that the official client throws, after which nothing comes', async () => {
    const writer = messagesDialect.createWriter({ model: 'route', includeUsage: false });
    const begun = writer.write(delta({ content: 'a' }) as ChatChunk);
    const text = begun + messagesDialect.writeStreamError(new Problem(streamInterrupted), 'req-1');
    await expect(messageOf(text)).rejects.toThrow('stream_interrupted');
    expect(messagesDialect.writeStreamError(new Problem(upstreamOverloaded), 'req-1')).toContain('"overloaded_error"');
  });
});
