import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { rateLimited, unauthenticated } from '../../../../platform/kernel/problems.ts';
import {
  invalidUpstreamAnswer,
  modelNotFound,
  streamInterrupted,
  unsupportedParameter,
  upstreamOverloaded,
} from '../../problems.ts';
import type { ChatBody, ChatChunk, Json } from '../contract.ts';
import { chunk, delta, event, eventsOf, gather, openai, readAll, waysToCut, writeAll } from '../streams.fixture.ts';
import { chatDialect } from './chat-dialect.ts';

const usage = {
  prompt_tokens: 12,
  completion_tokens: 5,
  total_tokens: 17,
  prompt_tokens_details: { cached_tokens: 0 },
};
const finish = (reason: string, rest: Json = {}) => chunk([{ index: 0, delta: {}, finish_reason: reason }], rest);
const toolDelta = (index: number, fields: Json) => delta({ tool_calls: [{ index, ...fields }] });

/** Two calls whose fragments come in turns. */
const parallelCalls = [
  delta({ role: 'assistant', content: null }),
  toolDelta(0, { id: 'call_a', type: 'function', function: { name: 'find', arguments: '' } }),
  toolDelta(1, { id: 'call_b', type: 'function', function: { name: 'open', arguments: '' } }),
  toolDelta(0, { function: { arguments: '{"q":"' } }),
  toolDelta(1, { function: { arguments: '{"id":' } }),
  toolDelta(0, { function: { arguments: 'Пекин 北京"}' } }),
  toolDelta(1, { function: { arguments: '7}' } }),
  finish('tool_calls'),
  chunk([], { usage }),
];
const conversation = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Привет 🙂 ' }),
  delta({ content: '北京' }),
  finish('stop'),
  chunk([], { usage }),
];

describe('a stream of chat completions', () => {
  it('is read by the official client, cut at every byte', async () => {
    const text = writeAll(chatDialect, conversation);
    for (const cuts of waysToCut(text)) {
      const stream = await openai({ body: text, cuts }).chat.completions.create({
        model: 'route',
        messages: [{ role: 'user', content: 'hi' }],
        stream: true,
      });
      const chunks: ChatChunk[] = [];
      for await (const one of stream) chunks.push(one as ChatChunk);
      expect(gather(chunks)).toEqual({ text: 'Привет 🙂 北京', reasoning: '', calls: [], finish: 'stop', usage });
    }
  });

  it('keeps the arguments of two calls apart whose fragments come in turns', async () => {
    const text = writeAll(
      chatDialect,
      readAll(
        chatDialect.createReader(),
        parallelCalls.map((one) => event(one)),
      ),
    );
    const completion = await openai({ body: text }).chat.completions.stream({ model: 'route', messages: [] });
    const { choices } = await completion.finalChatCompletion();
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { id: 'call_a', function: { name: 'find', arguments: '{"q":"Пекин 北京"}' } },
      { id: 'call_b', function: { name: 'open', arguments: '{"id":7}' } },
    ]);
  });

  it('has one chunk of usage without choices before its end when the count stood in the finish', () => {
    const events = [delta({ content: 'a' }), finish('stop', { usage })].map((one) => event(one));
    const written = eventsOf(writeAll(chatDialect, readAll(chatDialect.createReader(), events)));
    const parsed = written.slice(0, -1).map(({ data }) => JSON.parse(data) as Json);
    expect(written.at(-1)?.data).toBe('[DONE]');
    expect(parsed.map((one) => [(one.choices as Json[]).length, one.usage])).toEqual([
      [1, null],
      [1, null],
      [0, usage],
    ]);
  });

  it('takes the last count of a server that counts in every chunk', () => {
    const counted = (tokens: number) => ({ ...usage, completion_tokens: tokens });
    const events = [1, 2, 3].map((tokens) => event({ ...delta({ content: 'a' }), usage: counted(tokens) }));
    expect(gather(readAll(chatDialect.createReader(), events)).usage).toEqual(counted(3));
  });

  it('has no usage for a caller who does not ask for it', () => {
    expect(writeAll(chatDialect, conversation, { includeUsage: false })).not.toContain('usage');
  });

  it('bears the name that the caller gave, and keeps fields that are not known', () => {
    const text = writeAll(chatDialect, [{ ...delta({ content: 'a' }), obfuscation: 'xyz' }], { model: 'cheap' });
    expect(JSON.parse(eventsOf(text)[0]?.data ?? '')).toMatchObject({ model: 'cheap', obfuscation: 'xyz' });
  });

  it('keeps each of three choices with its own end', async () => {
    const three = [0, 1, 2].flatMap((index) => [
      delta({ role: 'assistant', content: '' }, {}, index),
      delta({ content: `answer ${index}` }, {}, index),
      delta({}, { finish_reason: index === 1 ? 'length' : 'stop' }, index),
    ]);
    const text = writeAll(chatDialect, [...three, chunk([], { usage })]);
    const stream = openai({ body: text }).chat.completions.stream({ model: 'route', n: 3, messages: [] });
    const { choices, usage: counted } = await stream.finalChatCompletion();
    expect(choices.map(({ index, finish_reason, message }) => [index, finish_reason, message.content])).toEqual([
      [0, 'stop', 'answer 0'],
      [1, 'length', 'answer 1'],
      [2, 'stop', 'answer 2'],
    ]);
    expect(counted).toEqual(usage);
  });

  it('is read with arguments that are objects, calls without identifiers, and `reasoning`', () => {
    const events = [
      delta({ reasoning: 'hmm' }),
      chunk([{ delta: { tool_calls: [{ function: { name: 'find', arguments: { q: 1 } } }] } }]),
    ];
    const { calls, reasoning } = gather(
      readAll(
        chatDialect.createReader(),
        events.map((one) => event(one)),
      ),
    );
    expect(reasoning).toBe('hmm');
    expect(calls).toEqual([{ id: expect.stringMatching(/^call_\w{24}$/), name: 'find', arguments: '{"q":1}' }]);
  });

  it('is not read past an event that is malformed or an error', () => {
    const problem = expect.objectContaining({ definition: invalidUpstreamAnswer });
    const { read } = chatDialect.createReader();
    expect(() => read({ data: '{"choices": [' })).toThrow(problem);
    expect(() => read(event({ error: { message: 'no' } }))).toThrow(problem);
  });
});

describe('an answer', () => {
  const answer = (message: Json, rest: Json = {}) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-x',
    choices: [{ index: 0, message, finish_reason: 'stop', ...rest }],
    usage,
  });

  it('is read by the official client under the name that the caller gave', async () => {
    const written = chatDialect.writeAnswer(
      chatDialect.readAnswer(answer({ role: 'assistant', content: 'yes' })),
      'cheap',
    );
    const read = await openai({ body: written }).chat.completions.create({ model: 'cheap', messages: [] });
    expect(read).toMatchObject({ model: 'cheap', choices: [{ message: { content: 'yes' } }], usage });
  });

  it('without choices, or whose choice has no message, is unreadable', () => {
    for (const wrong of [{}, { choices: null }, { choices: [{}] }, { choices: ['no'] }])
      expect(() => chatDialect.readAnswer(wrong)).toThrow('invalid-upstream-answer');
  });
});

describe('errors of chat completions', () => {
  const errorOf = (problem: Problem) => chatDialect.writeError(problem, 'req-1');

  it('have the codes that OpenAI uses', () => {
    expect(errorOf(new Problem(unauthenticated))).toMatchObject({
      status: 401,
      headers: { 'x-request-id': 'req-1', 'x-should-retry': 'false' },
      body: { error: { type: 'invalid_request_error', code: 'invalid_api_key', param: null } },
    });
    expect(errorOf(new Problem(modelNotFound, { parameters: { model: 'gpt-9' } })).body).toEqual({
      error: {
        message: 'There is no model "gpt-9", or this key may not call it',
        type: 'invalid_request_error',
        code: 'model_not_found',
        param: 'model',
      },
    });
    expect(errorOf(new Problem(unsupportedParameter, { parameters: { parameter: 'seed' } })).body).toMatchObject({
      error: { code: 'unsupported_parameter', param: 'seed' },
    });
  });

  it('keep the time to wait, and say nothing about repeating when that may help', () => {
    const headers = { 'Retry-After': '7' };
    const limited = errorOf(new Problem(rateLimited, { parameters: { seconds: 9 }, headers }));
    expect(limited.headers).toEqual({ 'retry-after': '7', 'x-request-id': 'req-1' });
    expect(limited.body).toMatchObject({ error: { type: 'requests', code: 'rate_limit_exceeded' } });
  });

  it('tell a budget from a rate, and stop the client from repeating', () => {
    const budgetExceeded = {
      type: 'budget-exceeded',
      status: 429,
      title: { en: '', ru: '' },
      detail: { en: '', ru: '' },
    };
    expect(errorOf(new Problem(budgetExceeded))).toMatchObject({
      headers: { 'x-should-retry': 'false' },
      body: { error: { type: 'budget_exceeded', code: 'insufficient_quota' } },
    });
  });

  it('end a stream with an error that the official client throws', async () => {
    const writer = chatDialect.createWriter({ model: 'route', includeUsage: true });
    const begun = writer.write(delta({ content: 'a' }) as ChatChunk);
    const text = begun + chatDialect.writeStreamError(new Problem(streamInterrupted), 'req-1');
    expect(text).not.toContain('[DONE]');
    const stream = await openai({ body: text }).chat.completions.create({ model: 'route', messages: [], stream: true });
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: 'stream_interrupted', type: 'upstream_error' });
    expect(chatDialect.writeStreamError(new Problem(upstreamOverloaded), 'req-1')).toContain('overloaded_error');
    expect(chatDialect.writeStreamError(new Problem(invalidUpstreamAnswer), 'req-1')).toContain(
      'invalid_upstream_event',
    );
  });
});

describe('a request for an upstream of this format', () => {
  const body = (fields: Json) => ({ messages: [{ role: 'user', content: 'hi' }], ...fields }) as unknown as ChatBody;

  it('asks for the count of a stream', () => {
    expect(chatDialect.writeRequest(body({ model: 'route' }), { model: 'gpt-x', stream: true })).toMatchObject({
      model: 'gpt-x',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('has nothing that only Anthropic understands', () => {
    const request = body({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }] },
        { role: 'assistant', content: 'a', reasoning_content: 'b', x_anthropic: { thinking: [] } },
      ],
      tools: [{ type: 'function', function: { name: 'find' }, cache_control: { type: 'ephemeral' } }],
      x_anthropic: { thinking: { type: 'enabled', budget_tokens: 1024 } },
    });
    const written = JSON.stringify(chatDialect.writeRequest(request, { model: 'gpt-x', stream: false }));
    for (const word of ['cache_control', 'x_anthropic', 'thinking']) expect(written).not.toContain(word);
  });

  it('is refused for what it cannot say, unless that may be dropped', () => {
    const request = body({ x_anthropic: { top_k: 5 } });
    const options = { model: 'gpt-x', stream: false };
    expect(() => chatDialect.writeRequest(request, options)).toThrow(
      expect.objectContaining({ parameters: { parameter: 'top_k' } }),
    );
    const dropped: string[] = [];
    chatDialect.writeRequest(request, { ...options, drop: (name) => dropped.push(name) });
    expect(dropped).toEqual(['top_k']);
  });
});
