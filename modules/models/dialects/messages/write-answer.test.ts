import { describe, expect, it } from 'vitest';
import { Problem, type ProblemDefinition } from '../../../../platform/kernel/problem.ts';
import { payloadTooLarge, unauthenticated } from '../../../../platform/kernel/problems.ts';
import {
  modelNotFound,
  upstreamFailed,
  upstreamOverloaded,
  upstreamRateLimited,
  upstreamTimeout,
} from '../../problems.ts';
import type { ChatAnswer, Json } from '../contract.ts';
import { anthropic } from '../streams.fixture.ts';
import { messagesDialect } from './messages-dialect.ts';
import { ANSWER_TOOL } from './write-tools.ts';

const { readAnswer, writeAnswer, readUsage, writeError } = messagesDialect;
const usage = { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 7 };
const message = (content: Json[], rest: Json = {}): Json => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  content,
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage,
  ...rest,
});
const text = { type: 'text', text: 'yes' };
const tool = { type: 'tool_use', id: 'toolu_a', name: 'find', input: { q: 1 } };

describe('a message as a chat completion', () => {
  it('has a prompt of 420 tokens for 100 new, 20 written and 300 read, of which 300 are cached', () => {
    const { usage: counted } = readAnswer(message([text]));
    expect(counted).toEqual({
      prompt_tokens: 420,
      completion_tokens: 7,
      total_tokens: 427,
      prompt_tokens_details: { cached_tokens: 300, cache_write_tokens: 20 },
    });
    expect(readUsage(message([]))).toEqual({ input: 420, cached: 300, cacheWrite: 20, output: 7 });
    expect(
      readUsage(message([], { usage: { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: null } })),
    ).toEqual({
      input: 5,
      output: 1,
    });
    expect(readUsage(message([], { usage: { output_tokens: 1 } }))).toBeUndefined();
  });

  it.each<[unknown, Json]>([
    ['end_turn', { finish_reason: 'stop' }],
    ['stop_sequence', { finish_reason: 'stop' }],
    ['max_tokens', { finish_reason: 'length' }],
    ['model_context_window_exceeded', { finish_reason: 'length' }],
    ['tool_use', { finish_reason: 'stop' }],
    ['refusal', { finish_reason: 'content_filter' }],
    ['pause_turn', { finish_reason: 'stop', x_stop_reason: 'pause_turn' }],
    ['constructor', { finish_reason: 'stop', x_stop_reason: 'constructor' }],
    ['new_reason', { finish_reason: 'stop', x_stop_reason: 'new_reason' }],
    [null, { finish_reason: 'stop' }],
  ])('ends for %j, with text and with a call', (reason, { finish_reason: finish, ...rest }) => {
    const [choice] = readAnswer(message([text], { stop_reason: reason })).choices;
    expect(choice).toMatchObject({ finish_reason: finish, ...rest });
    const [called] = readAnswer(message([tool], { stop_reason: reason })).choices;
    expect(called).toMatchObject({ finish_reason: finish === 'stop' ? 'tool_calls' : finish, ...rest });
    expect(called?.message.tool_calls).toEqual([
      { id: 'toolu_a', type: 'function', function: { name: 'find', arguments: '{"q":1}' } },
    ]);
  });

  it('keeps what the model thought, with its signature, and takes the answer out of its tool', () => {
    const thinking = [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'AAAA' },
    ];
    const answer = { type: 'tool_use', id: 'toolu_a', name: ANSWER_TOOL, input: { a: [1] } };
    const [choice] = readAnswer(message([...thinking, answer], { stop_reason: 'tool_use' })).choices;
    expect(choice).toMatchObject({
      finish_reason: 'stop',
      message: { content: '{"a":[1]}', reasoning_content: 'hm', x_anthropic: { thinking } },
    });
    expect(choice?.message).not.toHaveProperty('tool_calls');
  });

  it('is unreadable without content', () => {
    expect(() => readAnswer({ type: 'message' })).toThrow('invalid-upstream-answer');
  });
});

describe('a chat completion as a message', () => {
  const answer = (said: Json, finish = 'stop', rest: Json = {}) =>
    ({
      id: 'chatcmpl-1',
      model: 'gpt',
      choices: [{ index: 0, message: said, finish_reason: finish, ...rest }],
    }) as unknown as ChatAnswer;
  const call = (args: string) => ({ id: 'call_1', type: 'function', function: { name: 'find', arguments: args } });

  it('comes back as it was', () => {
    const blocks = [{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }, { ...text, citations: null }, tool];
    const original = message(blocks, { stop_reason: 'tool_use' });
    expect(writeAnswer(readAnswer(original), 'claude')).toEqual(original);
  });

  it('is read by the official client', async () => {
    const written = writeAnswer(answer({ content: 'yes', tool_calls: [call('{"q":1}')] }, 'tool_calls'), 'cheap');
    const read = await anthropic({ body: written }).messages.create({ model: 'cheap', max_tokens: 1, messages: [] });
    expect(read).toMatchObject({
      id: 'msg_chatcmpl-1',
      model: 'cheap',
      stop_reason: 'tool_use',
      content: [text, { type: 'tool_use', id: 'call_1', name: 'find', input: { q: 1 } }],
    });
  });

  it.each([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['tool_calls', 'tool_use'],
    ['content_filter', 'refusal'],
    ['eos', 'end_turn'],
  ])('that ended with %s ends with %s', (finish, reason) => {
    expect(writeAnswer(answer({ content: 'a' }, finish), 'm').stop_reason).toBe(reason);
  });

  it('never drops a call: it is the reason of the end, and its arguments must be an object', () => {
    expect(writeAnswer(answer({ content: null, tool_calls: [call('')] }), 'm')).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', input: {} }],
    });
    for (const wrong of ['{"q":', '[]', '7']) {
      const broken = { content: null, tool_calls: [call(wrong)] };
      expect(() => writeAnswer(answer(broken), 'm')).toThrow('invalid-upstream-answer');
      expect(writeAnswer(answer(broken, 'length'), 'm').content).toMatchObject([{ input: {} }]);
    }
  });

  it('says of a refusal that it is one', () => {
    expect(writeAnswer(answer({ content: null, refusal: 'No.' }), 'm')).toMatchObject({
      stop_reason: 'refusal',
      content: [{ type: 'text', text: 'No.' }],
    });
  });
});

describe('errors of messages', () => {
  const problem = (definition: ProblemDefinition) =>
    new Problem(definition, { parameters: { model: 'x', seconds: 3, limit: 1 } });

  it.each<[ProblemDefinition, string]>([
    [unauthenticated, 'authentication_error'],
    [modelNotFound, 'not_found_error'],
    [payloadTooLarge, 'request_too_large'],
    [upstreamRateLimited, 'rate_limit_error'],
    [upstreamFailed, 'api_error'],
    [upstreamOverloaded, 'overloaded_error'],
    [upstreamTimeout, 'timeout_error'],
  ])('%j is %s', (definition, type) => {
    const { status, headers, body } = writeError(problem(definition), 'req-1');
    expect(status).toBe(definition.status);
    expect(body).toMatchObject({
      type: 'error',
      error: { type, code: definition.type.replaceAll('-', '_') },
      request_id: 'req-1',
    });
    expect(headers).toMatchObject({ 'request-id': 'req-1', 'retry-after': '3' });
  });

  it('tell a budget from a rate limit', () => {
    const budgetExceeded = {
      type: 'budget-exceeded',
      status: 429,
      title: { en: '', ru: '' },
      detail: { en: '', ru: '' },
    };
    expect(writeError(new Problem(budgetExceeded), 'req-1')).toMatchObject({
      headers: { 'x-should-retry': 'false' },
      body: { error: { type: 'rate_limit_error', details: { error_code: 'enforced_spend_limit_reached' } } },
    });
  });
});
