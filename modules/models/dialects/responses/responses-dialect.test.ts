import { describe, expect, it } from 'vitest';
import type { ChatAnswer, Json } from '../contract.ts';
import { event, eventsOf, gather, openai, readAll } from '../streams.fixture.ts';
import { responsesMeaningOf } from './meaning.ts';
import { responsesDialect } from './responses-dialect.ts';

const { readAnswer, writeAnswer, readUsage, createReader } = responsesDialect;
const usage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 19,
};
const count = { input: 12, cached: 4, cacheWrite: 0, output: 7, reasoning: 2 };
const nothing = { hasContent: false, isEnd: false };

describe('a response as a chat completion', () => {
  const response = (output: Json[], rest: Json = {}): Json => ({
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    model: 'gpt',
    status: 'completed',
    output,
    usage,
    ...rest,
  });
  const message = { type: 'message', content: [{ type: 'output_text', text: 'yes' }] };
  const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'find', arguments: '{"q":1}' };

  it('has its text, reasoning, calls and count', () => {
    const reasoning = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] };
    expect(readAnswer(response([reasoning, message, { type: 'web_search_call' }, call]))).toMatchObject({
      id: 'resp_1',
      created: 1_700_000_000,
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            content: 'yes',
            reasoning_content: 'hm',
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'find', arguments: '{"q":1}' } }],
          },
        },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, prompt_tokens_details: { cached_tokens: 4 } },
    });
    expect(readUsage(response([]))).toEqual(count);
  });

  it.each<[Json, Json]>([
    [{ incomplete_details: { reason: 'max_output_tokens' } }, { finish_reason: 'length' }],
    [{ incomplete_details: { reason: 'content_filter' } }, { finish_reason: 'content_filter' }],
    [{ incomplete_details: { reason: 'new_reason' } }, { finish_reason: 'length', x_stop_reason: 'new_reason' }],
  ])('that is incomplete for %j ends so', (rest, end) => {
    expect(readAnswer(response([message], { status: 'incomplete', ...rest })).choices[0]).toMatchObject(end);
  });

  it('is unreadable when it failed, or has no output', () => {
    expect(() => readAnswer(response([], { status: 'failed', error: { code: 'server_error' } }))).toThrow(
      'invalid-upstream-answer',
    );
    expect(() => readAnswer({ object: 'response' })).toThrow('invalid-upstream-answer');
  });

  it('comes back as it was, and is read by the official client', async () => {
    const refusal = { role: 'assistant', content: 'Well', refusal: 'No.', reasoning_content: 'hm' };
    const calls = [{ id: 'call_1', type: 'function', function: { name: 'find', arguments: '{}' } }];
    const answer = {
      id: 'chatcmpl-1',
      created: 1,
      choices: [{ index: 0, message: { ...refusal, tool_calls: calls }, finish_reason: 'tool_calls' }],
      usage: { prompt_tokens: 12, completion_tokens: 7 },
    } as unknown as ChatAnswer;
    const written = writeAnswer(answer, 'cheap');
    expect(readAnswer(written).choices[0]).toMatchObject({
      message: { ...refusal, tool_calls: calls },
      finish_reason: 'tool_calls',
    });
    const read = await openai({ body: written }).responses.create({ model: 'cheap', input: 'hi' });
    expect(read).toMatchObject({ id: 'resp_chatcmpl-1', model: 'cheap', status: 'completed', output_text: 'Well' });
    expect(read.usage).toMatchObject({ input_tokens: 12, output_tokens: 7, total_tokens: 19 });
  });
});

describe('a stream of responses as chunks', () => {
  const start = event({ type: 'response.created', response: { id: 'resp_1', model: 'gpt', created_at: 1 } });
  const end = event({ type: 'response.completed', response: { status: 'completed', usage } });

  it('has texts and arguments once, whether they come in pieces or whole', () => {
    const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'find', arguments: '' };
    const whole = { ...item, arguments: '{"q":1}' };
    const events = [
      start,
      event({ type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'ye' }),
      event({ type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'yes' }),
      event({ type: 'response.output_text.done', output_index: 1, content_index: 0, text: ' sir' }),
      event({ type: 'response.output_item.added', output_index: 2, item }),
      event({ type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"q"' }),
      event({ type: 'response.output_item.done', output_index: 2, item: whole }),
      event({ type: 'response.output_item.added', output_index: 3, item: { ...item, call_id: 'call_2' } }),
      event({ type: 'response.output_item.done', output_index: 3, item: { ...whole, call_id: 'call_2' } }),
      event({ type: 'response.web_search_call.searching', output_index: 4 }),
      end,
    ];
    expect(gather(readAll(createReader(), events))).toMatchObject({
      text: 'yes sir',
      calls: [
        { id: 'call_1', arguments: '{"q":1}' },
        { id: 'call_2', arguments: '{"q":1}' },
      ],
      finish: 'tool_calls',
      usage: { prompt_tokens: 12 },
    });
  });

  it('is not read past a failure', () => {
    const failed = event({ type: 'response.failed', response: { status: 'failed', error: { code: 'server_error' } } });
    for (const bad of [failed, event({ type: 'error', code: 'server_error' }), { data: '{"type"' }])
      expect(() => readAll(createReader(), [start, bad])).toThrow('invalid-upstream-answer');
  });
});

describe('the meaning of an event of responses', () => {
  const meaningOf = (data: Json) => responsesMeaningOf(event(data));

  it.each<[string, Json, number]>([
    ['text', { type: 'response.output_text.delta', delta: 'ab' }, 2],
    ['reasoning', { type: 'response.reasoning_summary_text.delta', delta: 'abc' }, 3],
    ['arguments', { type: 'response.function_call_arguments.delta', delta: '{' }, 1],
    ['a call', { type: 'response.output_item.added', item: { type: 'function_call', name: 'find' } }, 4],
  ])('is content for %s', (_, data, characters) => {
    expect(meaningOf(data)).toEqual({ hasContent: true, isEnd: false, characters });
  });

  it('is no content for what only begins', () => {
    expect(meaningOf({ type: 'response.created', response: { usage: null } })).toEqual(nothing);
    expect(meaningOf({ type: 'response.output_item.added', item: { type: 'message' } })).toEqual(nothing);
    expect(meaningOf({ type: 'response.output_text.delta', delta: '' })).toEqual(nothing);
  });

  it('is the end with its count, whether the response is complete or not', () => {
    for (const type of ['response.completed', 'response.incomplete'])
      expect(meaningOf({ type, response: { usage } })).toEqual({
        hasContent: false,
        isEnd: true,
        isFinish: true,
        usage: count,
      });
  });

  it('is an error for a failure, whose count is missing or not', () => {
    const error = { code: 'rate_limit_exceeded', message: 'no' };
    const failed = {
      hasContent: false,
      isEnd: true,
      isFinish: true,
      error: { status: 429, code: 'rate_limit_exceeded' },
    };
    expect(meaningOf({ type: 'response.failed', response: { error, usage: null } })).toEqual(failed);
    expect(meaningOf({ type: 'response.failed', response: { error, usage } })).toEqual({ ...failed, usage: count });
    expect(meaningOf({ type: 'error', code: 'server_error', message: 'no' })).toEqual({
      ...nothing,
      error: { status: 500, code: 'server_error' },
    });
    expect(meaningOf({ type: 'error', error: { type: 'invalid_request_error' } })?.error?.status).toBe(400);
  });

  it('is unknown for other events', () => {
    expect(meaningOf({ type: 'response.audio_thing' })).toBeUndefined();
    for (const { data } of [...eventsOf('data: [DONE]\n\n'), { data: '[]' }])
      expect(responsesMeaningOf({ data })).toBeUndefined();
  });
});
