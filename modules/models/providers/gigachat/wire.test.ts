import { describe, expect, it } from 'vitest';
import type { ChatBody, Json } from '../../dialects/contract.ts';
import { readGigaChatUsage } from './read-usage.ts';
import { gigaChatWire } from './wire.ts';

const user = (content: unknown) => ({ role: 'user', content });
const write = (body: Json, drop?: (name: string) => void) =>
  gigaChatWire.writeRequest({ messages: [user('Hi')], ...body } as unknown as ChatBody, {
    model: 'm',
    stream: false,
    drop,
  });
const tool = (name: string) => ({ type: 'function', function: { name } });

describe('a request of GigaChat', () => {
  it.each<[Json, Json]>([
    [{ temperature: 0 }, { top_p: 0 }],
    [{ temperature: 0, top_p: 0.5 }, { top_p: 0 }],
    [
      { temperature: 0.7, top_p: 0.5 },
      { temperature: 0.7, top_p: 0.5 },
    ],
    [{ max_completion_tokens: 5, max_tokens: 9 }, { max_tokens: 5 }],
    [{ reasoning_effort: 'minimal' }, { reasoning_effort: 'low' }],
    [
      { repetition_penalty: 1.1, profanity_check: false },
      { repetition_penalty: 1.1, profanity_check: false },
    ],
    [{ n: 1, seed: null, stop: [], presence_penalty: 0, user: 'u', metadata: {}, parallel_tool_calls: true }, {}],
    [{ response_format: { type: 'text' } }, {}],
    [
      {
        response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' }, strict: true } },
      },
      { response_format: { type: 'json_schema', schema: { type: 'object', properties: {} }, strict: true } },
    ],
    [{ tool_choice: 'auto' }, {}],
  ])('says %j as %j', (body, expected) => {
    expect(write(body)).toEqual({ model: 'm', messages: [user('Hi')], stream: false, ...expected });
  });

  it.each<[Json, string]>([
    [{ seed: 7 }, 'seed'],
    [{ stop: ['a'] }, 'stop'],
    [{ logprobs: true }, 'logprobs'],
    [{ logit_bias: { 50: 1 } }, 'logit_bias'],
    [{ presence_penalty: 1 }, 'presence_penalty'],
    [{ tools: [tool('a'), tool('b')], tool_choice: 'required' }, 'tool_choice'],
    [{ tools: [{ type: 'custom' }] }, 'tools[0].type'],
    [{ messages: [user([{ type: 'input_audio' }])] }, 'messages[0].content[0].type'],
    [
      { messages: [user([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }])] },
      'messages[0].content[0].image_url',
    ],
    [{ messages: [user('1'), { role: 'assistant', content: 'A', audio: { id: 'a' } }] }, 'messages[1].audio'],
    [{ x_anthropic: { mcp_servers: [] } }, 'mcp_servers'],
    [{ something: 1 }, 'something'],
    [{ constructor: 1 }, 'constructor'],
    [JSON.parse('{"__proto__": {}}') as Json, '__proto__'],
    [{ store: true }, 'store'],
  ])('cannot say %j, and names "%s"', (body, parameter) => {
    expect(() => write(body)).toThrow(
      expect.objectContaining({ type: 'unsupported-parameter', parameters: { parameter } }),
    );
    const dropped: string[] = [];
    write(body, (name) => dropped.push(name));
    expect(dropped).toEqual([parameter]);
  });

  it('forces the only function there is, or one by its name', () => {
    expect(write({ tools: [tool('a')], tool_choice: 'required' }).function_call).toEqual({ name: 'a' });
    const named = { type: 'function', function: { name: 'web_search' } };
    const body = write({ tools: [tool('a'), tool('web_search')], tool_choice: named });
    expect(body).toMatchObject({
      function_call: { name: 'user_web_search' },
      functions: [{ name: 'a' }, { name: 'user_web_search', parameters: { type: 'object', properties: {} } }],
    });
  });

  it('joins system messages at the beginning, and users that follow each other', () => {
    const messages = [
      { role: 'system', content: 'A' },
      user('1'),
      { role: 'developer', content: 'B' },
      user([{ type: 'text', text: '2' }]),
      { role: 'assistant', content: 'Well', refusal: 'No' },
      user('3'),
    ];
    expect(write({ messages }).messages).toEqual([
      { role: 'system', content: 'A\n\nB' },
      user('1\n\n2'),
      { role: 'assistant', content: 'Well\n\nNo' },
      user('3'),
    ]);
  });

  it('says calls that were made at once one after the other', () => {
    const call = (id: string, text: string) => ({ id, type: 'function', function: { name: id, arguments: text } });
    const messages = [
      user('1'),
      { role: 'assistant', content: 'Both.', tool_calls: [call('a', ''), call('b', '{"x":1}')] },
      { role: 'tool', tool_call_id: 'b', content: '{"y":2}' },
      { role: 'tool', tool_call_id: 'a', content: 'plain "text"' },
    ];
    expect((write({ messages }).messages as Json[]).slice(1)).toEqual([
      { role: 'assistant', content: 'Both.', function_call: { name: 'a', arguments: {} } },
      { role: 'function', name: 'a', content: '{"result":"plain \\"text\\""}' },
      { role: 'assistant', content: '', function_call: { name: 'b', arguments: { x: 1 } } },
      { role: 'function', name: 'b', content: '{"y":2}' },
    ]);
  });

  it.each<[string, Json[]]>([
    ['a call without a result', [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'a' } }] }]],
    ['a result without a call', [{ role: 'tool', tool_call_id: 'a', content: '' }]],
    [
      'arguments that are no object',
      [
        { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'a', arguments: '[1]' } }] },
        { role: 'tool', tool_call_id: 'a', content: '' },
      ],
    ],
  ])('refuses %s', (_, messages) => {
    expect(() => write({ messages: [user('1'), ...messages] })).toThrow('invalid-request');
  });
});

describe('an answer of GigaChat', () => {
  const event = (json: unknown) => ({ data: JSON.stringify(json) });
  const delta = (fields: Json, more: Json = {}) => ({
    choices: [{ index: 0, delta: fields, ...more }],
    created: 7,
    model: 'm',
  });

  it('ends by words that OpenAI does not have', () => {
    const read = (finish: string) =>
      gigaChatWire.readAnswer({ choices: [{ message: { content: 'x' }, finish_reason: finish }] }).choices[0];
    expect(read('blacklist')).toMatchObject({ finish_reason: 'content_filter' });
    expect(read('error')).toMatchObject({ finish_reason: 'stop', x_stop_reason: 'error' });
    expect(read('constructor')).toMatchObject({ finish_reason: 'stop', x_stop_reason: 'constructor' });
    expect(() => gigaChatWire.readAnswer({ choices: [] })).toThrow('invalid-upstream-answer');
  });

  it('keeps the choices of a stream apart, and takes the notice of a built-in function for no answer', () => {
    const reader = gigaChatWire.createReader();
    const notice = delta({ role: 'function_in_progress', content: 'Drawing' });
    expect(gigaChatWire.meaningOf(event(notice))).toEqual({ hasContent: false, isEnd: false });
    const two = {
      choices: [
        { index: 0, delta: { content: 'a' } },
        { index: 1, delta: { content: 'b' } },
      ],
      created: 7,
      model: 'm',
    };
    const chunks = [notice, two, { ...two, usage: { prompt_tokens: 1, completion_tokens: 2 } }].flatMap((json) =>
      reader.read(event(json)),
    );
    expect(
      chunks.map(({ choices }) => choices.map((choice) => [choice.index, choice.delta.role, choice.delta.content])),
    ).toEqual([
      [[0, 'assistant', '']],
      [
        [0, undefined, 'a'],
        [1, 'assistant', 'b'],
      ],
      [
        [0, undefined, 'a'],
        [1, undefined, 'b'],
      ],
    ]);
    expect(reader.end()).toMatchObject([{ choices: [], usage: { total_tokens: 3 }, created: 7 }]);
  });

  it('may be an error in the middle of a stream', () => {
    const error = event({ status: 429, message: 'Too Many Requests' });
    expect(gigaChatWire.meaningOf(error)).toMatchObject({ error: { status: 429 } });
    expect(() => gigaChatWire.createReader().read(error)).toThrow('invalid-upstream-answer');
    expect(gigaChatWire.meaningOf({ data: 'nonsense' })).toBeUndefined();
    expect(gigaChatWire.meaningOf({ data: '[DONE]' })).toMatchObject({ isEnd: true });
  });

  it.each<[string, number[], object | undefined]>([
    ['inside the prompt', [88, 23, 111, 3], { input: 88, cached: 3, output: 23 }],
    ['inside, and left out of the sum', [88, 23, 108, 3], { input: 88, cached: 3, output: 23 }],
    ['next to it, with a sum that has all', [10, 5, 18, 3], { input: 13, cached: 3, output: 5 }],
    ['next to it, as they are more', [1, 4, 5, 37], { input: 38, cached: 37, output: 4 }],
    ['none', [18, 68, 86, 0], { input: 18, cached: 0, output: 68 }],
    ['unreadable', [-1, 68, 86, 0], undefined],
  ])('counts cached tokens %s: %j', (_, [prompt, output, total, cached], expected) => {
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: output,
      total_tokens: total,
      precached_prompt_tokens: cached,
    };
    expect(readGigaChatUsage(usage)).toEqual(expected);
  });
});
