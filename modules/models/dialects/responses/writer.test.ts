import fc from 'fast-check';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { invalidUpstreamAnswer, streamInterrupted } from '../../problems.ts';
import type { ChatChunk, Json } from '../contract.ts';
import { chunk, delta, eventsOf, gather, openai, readAll, waysToCut, writeAll } from '../streams.fixture.ts';
import { responsesDialect } from './responses-dialect.ts';

const usage = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const counted = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 19,
};
const call = (index: number, fields: Json) => delta({ tool_calls: [{ index, ...fields }] });
const begin = (index: number, name: string) =>
  call(index, { id: `call_${index}`, type: 'function', function: { name, arguments: '' } });
const args = (index: number, text: string) => call(index, { function: { arguments: text } });
const finish = (reason: string, rest: Json = {}) => chunk([{ index: 0, delta: {}, finish_reason: reason, ...rest }]);
const write = (chunks: Json[]) => writeAll(responsesDialect, chunks);
const responseOf = (text: string, cuts: number[] = []): Promise<OpenAI.Responses.Response> =>
  openai({ body: text, cuts }).responses.stream({ model: 'route', input: 'hi' }).finalResponse();
const dataOf = (text: string) => eventsOf(text).map(({ data }) => JSON.parse(data) as Json);

const everything = [
  delta({ role: 'assistant', content: '' }),
  delta({ reasoning_content: 'Думаю ' }),
  delta({ reasoning_content: '🤔' }),
  delta({ content: 'Привет ' }),
  delta({ content: '北京' }),
  begin(0, 'find'),
  begin(1, 'open'),
  args(0, '{"q":'),
  args(1, '{"id":'),
  args(0, '"Пекин"}'),
  args(1, '7}'),
  finish('tool_calls'),
  chunk([], { usage }),
];

describe('a stream of responses', () => {
  it('is read by the official client, cut at every byte', async () => {
    const text = write(everything);
    for (const cuts of waysToCut(text))
      expect(await responseOf(text, cuts)).toMatchObject({
        id: 'resp_chatcmpl-1',
        model: 'route',
        status: 'completed',
        output: [
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Думаю 🤔' }] },
          { type: 'message', content: [{ type: 'output_text', text: 'Привет 北京' }] },
          { type: 'function_call', call_id: 'call_0', name: 'find', arguments: '{"q":"Пекин"}' },
          { type: 'function_call', call_id: 'call_1', name: 'open', arguments: '{"id":7}' },
        ],
        output_text: 'Привет 北京',
        usage: counted,
      });
  });

  it('numbers its events from 0, begins and ends once, and has no `[DONE]`', () => {
    const text = write(everything);
    expect(text).not.toContain('[DONE]');
    const events = dataOf(text);
    expect(events.map((one) => one.sequence_number)).toEqual(events.map((_, index) => index));
    expect(eventsOf(text).map((one) => one.event)).toEqual(events.map(({ type }) => type));
    const named = (name: string) => events.filter(({ type }) => type === name).length;
    expect([named('response.created'), named('response.in_progress'), named('response.completed')]).toEqual([1, 1, 1]);
    expect(named('response.output_item.added')).toBe(named('response.output_item.done'));
  });

  it('is incomplete where the answer was cut off or filtered, with its count', async () => {
    for (const [reason, why] of [
      ['length', 'max_output_tokens'],
      ['content_filter', 'content_filter'],
    ] as const) {
      const text = write([delta({ content: 'a' }), finish(reason), chunk([], { usage })]);
      expect(dataOf(text).at(-1)).toMatchObject({
        type: 'response.incomplete',
        response: { status: 'incomplete', incomplete_details: { reason: why }, usage: counted },
      });
      expect(await responseOf(text)).toMatchObject({ status: 'incomplete', output_text: 'a' });
    }
  });

  it('has a refusal as a part of a message', async () => {
    const { output } = await responseOf(write([delta({ content: 'Well' }), delta({ refusal: 'No.' }), finish('stop')]));
    expect(output).toMatchObject([
      {
        content: [
          { type: 'output_text', text: 'Well' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
    ]);
  });

  it('keeps the arguments of a call that come before its name', async () => {
    const { output } = await responseOf(
      write([args(0, '{"a"'), call(0, { function: { name: 'find', arguments: ':1}' } }), finish('tool_calls')]),
    );
    expect(output).toMatchObject([{ type: 'function_call', name: 'find', arguments: '{"a":1}' }]);
    expect(() => write([args(0, '{}'), finish('tool_calls')])).toThrow('invalid-upstream-answer');
  });

  it('comes back as the same chunks, in whatever order they come', async () => {
    const thinking = [{ type: 'thinking', thinking: 'x', signature: 'c2ln' }];
    const piece = fc.oneof(
      fc.record({ content: fc.string({ minLength: 1, maxLength: 4 }) }),
      fc.record({ reasoning_content: fc.string({ minLength: 1, maxLength: 4 }) }),
      fc.record({ refusal: fc.string({ minLength: 1, maxLength: 4 }) }),
      fc.constant({ x_anthropic: { thinking } }),
      fc.nat(2).map((index) => ({
        tool_calls: [{ index, id: `call_${index}`, function: { name: `tool_${index}`, arguments: `[${index}]` } }],
      })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
        const chunks = [...pieces.map((one) => delta(one)), finish('stop'), chunk([], { usage })];
        const text = write(chunks);
        const wanted = gather(chunks as unknown as ChatChunk[]);
        const read = gather(readAll(responsesDialect.createReader(), eventsOf(text)));
        // Calls are numbered in the order in which they begin.
        const calls = [
          ...new Set(pieces.flatMap((one) => ('tool_calls' in one ? one.tool_calls.map(({ index }) => index) : []))),
        ];
        const once = calls.map((index) => ({
          id: `call_${index}`,
          name: `tool_${index}`,
          arguments: wanted.calls[index]?.arguments,
        }));
        expect(read).toEqual({ ...wanted, calls: once, finish: calls.length > 0 ? 'tool_calls' : 'stop' });
        const response = await responseOf(text);
        expect(response.output_text).toBe(wanted.text);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps signed thinking where OpenAI has its encrypted reasoning', () => {
    const thinking = [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'AAAA' },
    ];
    const text = write([
      delta({ reasoning_content: 'hm' }),
      delta({ x_anthropic: { thinking: thinking.slice(0, 1) } }),
      delta({ content: 'a' }),
      delta({ x_anthropic: { thinking } }),
      finish('stop'),
    ]);
    const chunks = readAll(responsesDialect.createReader(), eventsOf(text));
    expect(chunks.map(({ choices }) => (choices[0]?.delta as Json | undefined)?.x_anthropic).findLast(Boolean)).toEqual(
      { thinking },
    );
    const { response } = dataOf(text).at(-1) as { response: { output: Json[] } };
    const input = [{ role: 'user', content: 'hi' }, ...response.output, { role: 'user', content: 'more' }];
    const { messages } = responsesDialect.readRequest({ model: 'm', input });
    expect(messages).toMatchObject([{}, { role: 'assistant', x_anthropic: { thinking } }, {}]);
  });

  it('ends with an error that the official client throws', async () => {
    const writer = responsesDialect.createWriter({ model: 'route', includeUsage: false });
    const begun = writer.write(delta({ content: 'a' }) as ChatChunk);
    const text = begun + responsesDialect.writeStreamError(new Problem(streamInterrupted), 'req-1');
    const stream = await openai({ body: text }).responses.create({ model: 'route', input: 'hi', stream: true });
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'stream_interrupted' });
    const numberAfter = (sent: string) =>
      dataOf(responsesDialect.writeStreamError(new Problem(streamInterrupted), 'req-1', Buffer.from(sent)))[0]
        ?.sequence_number;
    expect(numberAfter(begun)).toBe(dataOf(begun).length);
    expect(numberAfter(': keep-alive\n')).toBe(0);
    const quoted = writer.write(delta({ content: '"sequence_number": 900' }) as ChatChunk);
    expect(numberAfter(quoted)).toBe(dataOf(begun).length + 1);
    expect(responsesDialect.writeStreamError(new Problem(invalidUpstreamAnswer), 'req-1')).toContain(
      'invalid_upstream_event',
    );
  });
});
