import { describe, expect, it } from 'vitest';
import type { ChatBody, Json } from '../contract.ts';
import { refusalOf } from '../refusal-of.fixture.ts';
import { writeMessagesRequest } from './write-request.ts';
import { ANSWER_TOOL } from './write-tools.ts';

const user = { role: 'user', content: 'hi' };
const options = { model: 'claude', stream: false, maxOutput: 8_000 };
const write = (fields: Json, more: Partial<Parameters<typeof writeMessagesRequest>[1]> = {}) =>
  writeMessagesRequest({ model: 'default', messages: [user], ...fields } as unknown as ChatBody, {
    ...options,
    ...more,
  });
const conversation = (messages: Json[]) => write({ messages });
const call = (id: string, args = '{}') => ({ id, type: 'function', function: { name: 'find', arguments: args } });
const find = {
  type: 'function',
  function: { name: 'find', description: 'Finds', parameters: { type: 'object', properties: { q: {} } }, strict: true },
};

describe('a request of messages', () => {
  it('has the model, and its limit where the caller set none', () => {
    expect(write({})).toEqual({
      model: 'claude',
      max_tokens: 8_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      stream: false,
    });
    expect(write({ max_tokens: 5 }).max_tokens).toBe(5);
    expect(write({ max_tokens: 5, max_completion_tokens: 6 }).max_tokens).toBe(6);
    expect(write({}, { stream: true }).stream).toBe(true);
  });

  it('joins all system messages in their order, later ones too', () => {
    const { system, messages } = conversation([
      { role: 'system', content: 'one' },
      user,
      { role: 'developer', content: [{ type: 'text', text: 'two' }] },
    ]);
    expect(system).toBe('one\n\ntwo');
    expect(messages).toHaveLength(1);
    const mark = { cache_control: { type: 'ephemeral' } };
    expect(conversation([{ role: 'system', content: [{ type: 'text', text: 'one', ...mark }] }, user]).system).toEqual([
      { type: 'text', text: 'one', ...mark },
    ]);
  });

  it('puts the results of parallel calls into one message of the user, before the text behind them', () => {
    const { messages } = conversation([
      user,
      { role: 'assistant', content: 'Let me see', tool_calls: [call('a', '{"q":1}'), call('b', '')] },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'text', text: 'A' }], x_anthropic: { is_error: true } },
      { role: 'user', content: 'and now?' },
    ]);
    expect((messages as Json[]).slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see' },
          { type: 'tool_use', id: 'a', name: 'find', input: { q: 1 } },
          { type: 'tool_use', id: 'b', name: 'find', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'b', content: 'B' },
          { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'A' }], is_error: true },
          { type: 'text', text: 'and now?' },
        ],
      },
    ]);
  });

  it('joins messages of the same role', () => {
    const { messages } = conversation([
      user,
      user,
      { role: 'assistant', content: 'a' },
      { role: 'assistant', content: 'b' },
    ]);
    expect((messages as Json[]).map(({ role, content }) => [role, (content as Json[]).length])).toEqual([
      ['user', 2],
      ['assistant', 2],
    ]);
  });

  it.each<[string, Json[]]>([
    ['body.messages', [user, { role: 'assistant', content: null, tool_calls: [call('a')] }, user]],
    [
      'body.messages[2]',
      [user, { role: 'assistant', content: null, tool_calls: [call('a')] }, { role: 'assistant', content: 'x' }],
    ],
    ['body.messages[1].tool_call_id', [user, { role: 'tool', tool_call_id: 'a', content: 'A' }]],
    [
      'body.messages[1].tool_calls[0].function.arguments',
      [user, { role: 'assistant', tool_calls: [call('a', '{"q"')] }],
    ],
    ['body.messages[1].tool_calls[0].function.arguments', [user, { role: 'assistant', tool_calls: [call('a', '[]')] }]],
    ['body.messages', [{ role: 'system', content: 'alone' }]],
    [
      'body.messages[0].content[0].image_url.url',
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///x' } }] }],
    ],
    ['messages[0].content[0].type', [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: '' } }] }]],
    ['messages[0].content[0].file', [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }]],
  ])('names %s as the place of what cannot be said', (place, messages) => {
    expect(refusalOf(() => conversation(messages))).toBe(place);
  });

  it('refuses how closely a picture is looked at, or leaves it out where that is allowed', () => {
    const content = [{ type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'high' } }];
    const messages = [{ role: 'user', content }];
    expect(refusalOf(() => conversation(messages))).toBe('messages[0].content[0].image_url.detail');
    const dropped: string[] = [];
    write({ messages }, { drop: (name) => dropped.push(name) });
    expect(dropped).toEqual(['messages[0].content[0].image_url.detail']);
  });

  it('has images and documents as blocks', () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' }, ...mark },
      { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'auto' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } },
    ];
    expect(conversation([{ role: 'user', content }]).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' }, ...mark },
          { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' }, title: 'a.pdf' },
        ],
      },
    ]);
  });

  it('sends signed thinking back, and none without a signature', () => {
    const thinking = [
      { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
      { type: 'redacted_thinking', data: 'AAAA' },
      { type: 'thinking', thinking: 'of another model', signature: '' },
    ];
    const { messages } = conversation([
      user,
      { role: 'assistant', content: 'a', reasoning_content: 'hm', x_anthropic: { thinking } },
    ]);
    expect((messages as Json[])[1]?.content).toEqual([...thinking.slice(0, 2), { type: 'text', text: 'a' }]);
  });

  it('has tools, and the choice of them', () => {
    const tools = [find, { type: 'function', function: { name: 'now' } }];
    expect(write({ tools })).toMatchObject({
      tools: [
        { name: 'find', description: 'Finds', input_schema: { type: 'object', properties: { q: {} } } },
        { name: 'now', input_schema: { type: 'object', properties: {} } },
      ],
    });
    const choiceOf = (choice: unknown, fields: Json = {}) =>
      write({ tools, tool_choice: choice, ...fields }).tool_choice;
    expect(choiceOf('auto')).toEqual({ type: 'auto' });
    expect(choiceOf('none')).toEqual({ type: 'none' });
    expect(choiceOf('required')).toEqual({ type: 'any' });
    expect(choiceOf({ type: 'function', function: { name: 'now' } })).toEqual({ type: 'tool', name: 'now' });
    expect(choiceOf(undefined)).toBeUndefined();
    expect(choiceOf(undefined, { parallel_tool_calls: false })).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
    expect(choiceOf('required', { parallel_tool_calls: false })).toEqual({
      type: 'any',
      disable_parallel_tool_use: true,
    });
    expect(refusalOf(() => write({ tools: [{ type: 'custom', custom: { name: 'x' } }] }))).toBe('tools[0].type');
  });

  it('has the form of an answer as a tool that must be called', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    const format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    expect(write({ response_format: format })).toMatchObject({
      tools: [{ name: ANSWER_TOOL, input_schema: schema }],
      tool_choice: { type: 'tool', name: ANSWER_TOOL },
    });
    expect(write({ response_format: format, tools: [find] })).toMatchObject({
      tools: [{ name: 'find' }, { name: ANSWER_TOOL }],
      tool_choice: { type: 'any' },
    });
    expect(write({ response_format: format, tools: [find], tool_choice: 'required' }).tools).toHaveLength(1);
    expect(write({ response_format: { type: 'json_object' } }).tool_choice).toMatchObject({ name: ANSWER_TOOL });
    expect(write({ response_format: { type: 'text' } })).not.toHaveProperty('tools');
    const list = { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'array' } } };
    expect(refusalOf(() => write({ response_format: list }))).toBe('response_format');
  });

  it('clamps the temperature at 1, and has none with thinking', () => {
    expect(write({ temperature: 1.7, top_p: 0.5 })).toMatchObject({ temperature: 1, top_p: 0.5 });
    const thinking = write({ temperature: 0.2, reasoning_effort: 'medium', max_tokens: 20_000 });
    expect(thinking).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 8_192 } });
    expect(thinking).not.toHaveProperty('temperature');
  });

  it('leaves room for the answer when it thinks, and does not think where that is refused', () => {
    expect(write({ reasoning_effort: 'high', max_tokens: 4_000 }).thinking).toMatchObject({ budget_tokens: 2_000 });
    expect(write({ reasoning_effort: 'high', max_tokens: 1_000 })).not.toHaveProperty('thinking');
    for (const effort of ['none', 'constructor'])
      expect(write({ reasoning_effort: effort })).not.toHaveProperty('thinking');
    expect(refusalOf(() => write({ reasoning_effort: 'low', tools: [find], tool_choice: 'required' }))).toBe(
      'reasoning_effort',
    );
    const messages = [
      user,
      { role: 'assistant', tool_calls: [call('a')] },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
    ];
    expect(write({ reasoning_effort: 'low', messages })).not.toHaveProperty('thinking');
  });

  it('has the rest under the names of this format', () => {
    expect(write({ stop: ['a', 'b'], user: 'u-1', x_anthropic: { top_k: 5 } })).toMatchObject({
      stop_sequences: ['a', 'b'],
      metadata: { user_id: 'u-1' },
      top_k: 5,
    });
    expect(write({ stop: 'a' }).stop_sequences).toEqual(['a']);
  });

  it.each<[string, Json]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { top_logprobs: 2 }],
    ['seed', { seed: 0 }],
    ['presence_penalty', { presence_penalty: 0.1 }],
    ['frequency_penalty', { frequency_penalty: -1 }],
    ['logit_bias', { logit_bias: { 50256: -100 } }],
    ['stop', { stop: ['\n', 'a'] }],
    ['metadata', { metadata: { a: 'b' } }],
    ['store', { store: true }],
    ['functions', { functions: [{ name: 'a' }] }],
    ['web_search_options', { web_search_options: {} }],
    ['tool_choice', { tools: [find], tool_choice: { type: 'allowed_tools', allowed_tools: {} } }],
    ['mcp_servers', { x_anthropic: { mcp_servers: [{}] } }],
    ['model', { x_anthropic: { model: 'expensive' } }],
    ['unheard_of', { unheard_of: 1 }],
    ['constructor', { constructor: 1 }],
  ])('is refused for %s, unless that may be dropped', (name, fields) => {
    expect(refusalOf(() => write(fields))).toBe(name);
    const dropped: string[] = [];
    const written = write(fields, { drop: (one) => dropped.push(one) });
    expect(dropped).toEqual([name]);
    expect(written.model).toBe('claude');
    expect(name === 'model' || name === 'stop' || !Object.hasOwn(written, name)).toBe(true);
  });

  it('is not refused for what asks for nothing', () => {
    const fields = {
      n: 1,
      logprobs: false,
      seed: null,
      presence_penalty: 0,
      logit_bias: {},
      store: false,
      service_tier: 'auto',
    };
    expect(write({ ...fields, stream_options: { include_usage: true }, prompt_cache_key: 'k' })).toEqual(write({}));
  });
});
