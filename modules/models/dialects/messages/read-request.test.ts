import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { chatDialect } from '../chat/chat-dialect.ts';
import type { ChatBody, Json } from '../contract.ts';
import { toolInput } from '../streams.fixture.ts';
import { messagesDialect } from './messages-dialect.ts';

const { readRequest, writeRequest } = messagesDialect;
const user = { role: 'user', content: 'hi' };
const request = (fields: Json = {}): Json => ({ model: 'default', max_tokens: 100, messages: [user], ...fields });
const read = (fields: Json) => readRequest(request(fields)) as Json;
const mark = { cache_control: { type: 'ephemeral' } };

function placeOf(body: Json): string | undefined {
  try {
    readRequest(body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return error.type === 'unsupported-parameter' ? String(error.parameters.parameter) : error.errors?.[0]?.path;
  }
  return undefined;
}

describe('a request of messages as a chat completion', () => {
  it('has the same conversation', () => {
    const { messages } = read({
      system: [
        { type: 'text', text: 'be brief' },
        { type: 'text', text: 'be kind' },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'look', ...mark },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
            { type: 'text', text: 'I look' },
            { type: 'tool_use', id: 'a', name: 'find', input: { q: 1 } },
            { type: 'tool_use', id: 'b', name: 'find', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'and?' },
            { type: 'tool_result', tool_use_id: 'a', content: 'A' },
            { type: 'tool_result', tool_use_id: 'b', is_error: true, content: [{ type: 'text', text: 'B' }] },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', content: 'be brief\n\nbe kind' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look', ...mark },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'find', arguments: '{"q":1}' } },
          { id: 'b', type: 'function', function: { name: 'find', arguments: '{}' } },
        ],
        reasoning_content: 'hm',
        x_anthropic: { thinking: [{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }] },
      },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'tool', tool_call_id: 'b', content: 'B', x_anthropic: { is_error: true } },
      { role: 'user', content: [{ type: 'text', text: 'and?' }] },
    ]);
  });

  it('has the same settings', () => {
    expect(
      read({
        stop_sequences: ['x'],
        temperature: 0.5,
        stream: true,
        metadata: { user_id: 'u-1' },
        tools: [{ name: 'find', description: 'Finds', input_schema: { type: 'object' }, ...mark }],
        tool_choice: { type: 'any', disable_parallel_tool_use: true },
        thinking: { type: 'enabled', budget_tokens: 5_000 },
        top_k: 5,
        service_tier: 'auto',
      }),
    ).toEqual({
      model: 'default',
      max_completion_tokens: 100,
      messages: [user],
      stop: ['x'],
      temperature: 0.5,
      stream: true,
      user: 'u-1',
      tools: [
        { type: 'function', function: { name: 'find', description: 'Finds', parameters: { type: 'object' } }, ...mark },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
      reasoning_effort: 'medium',
      x_anthropic: { thinking: { type: 'enabled', budget_tokens: 5_000 }, top_k: 5 },
    });
    const schema = { type: 'object' };
    expect(read({ output_config: { effort: 'low', format: { type: 'json_schema', schema } } })).toMatchObject({
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { schema, strict: true } },
    });
    expect(read({ tool_choice: { type: 'tool', name: 'find' } }).tool_choice).toEqual({
      type: 'function',
      function: { name: 'find' },
    });
  });

  it.each<[string, Json]>([
    ['body.model', { model: 7 }],
    ['body.max_tokens', { max_tokens: undefined }],
    ['body.max_tokens', { max_tokens: 0 }],
    ['body.messages', { messages: [] }],
    ['body.messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['body.messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    ['body.messages[0].content[0].type', { messages: [{ role: 'user', content: [{}] }] }],
    ['body.messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['body.messages[0].content[0].tool_use_id', { messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }],
    [
      'body.messages[0].content[0].input',
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b', input: [] }] }] },
    ],
    ['body.system[0].type', { system: [{ type: 'image' }] }],
    ['body.temperature', { temperature: 1.5 }],
    ['body.top_k', { top_k: -1 }],
    ['body.stop_sequences[0]', { stop_sequences: [7] }],
    ['body.tools[0].input_schema', { tools: [{ name: 'a' }] }],
    ['body.tool_choice.type', { tool_choice: { type: 'required' } }],
    ['body.thinking.budget_tokens', { thinking: { type: 'enabled' } }],
    ['tools[0].type', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'search_result' }] }] }],
    [
      'messages[0].content[0].source.type',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'file' } }] }] },
    ],
  ])('names %s as the place of what is wrong or cannot be said', (place, fields) => {
    expect(placeOf(request(fields))).toBe(place);
  });

  it('reaches an upstream of chat completions with images of results as a message of the user', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } };
    const body = read({
      messages: [
        user,
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'a', name: 'see', input: {} },
            { type: 'tool_use', id: 'b', name: 'see', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'here' }, image] },
            { type: 'tool_result', tool_use_id: 'b', content: 'gone', is_error: true },
          ],
        },
      ],
    });
    const { messages } = chatDialect.writeRequest(body as ChatBody, { model: 'm', stream: false });
    expect((messages as Json[]).slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'a', content: 'here' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: gone' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached to the result of "a":' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
        ],
      },
    ]);
  });
});

const word = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text.trim() !== '');
const text = word.map((value) => ({ type: 'text', text: value }));
const image = fc.constant({ type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } });

/** A turn of the user, and the assistant's, which may call tools and so wants their results in the next. */
const exchange = fc.record({
  asked: fc.array(fc.oneof(text, image), { minLength: 1, maxLength: 3 }),
  said: fc.option(text, { nil: undefined }),
  inputs: fc.array(toolInput, { maxLength: 3 }),
  thought: fc.option(word, { nil: undefined }),
  result: word,
});

describe('requests', () => {
  it('of messages are the same after a way through chat completions', () => {
    fc.assert(
      fc.property(
        fc.array(exchange, { minLength: 1, maxLength: 4 }),
        fc.option(word, { nil: undefined }),
        (turns, system) => {
          const messages: { role: string; content: Json[] }[] = [];
          let results: Json[] = [];
          for (const [number, { asked, said, inputs, thought, result }] of turns.entries()) {
            messages.push({ role: 'user', content: [...results, ...asked] });
            const calls = inputs.map((value, index) => ({
              type: 'tool_use',
              id: `${number}-${index}`,
              name: 'find',
              input: value,
            }));
            results = calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: result }));
            const content: Json[] = [
              ...(thought === undefined ? [] : [{ type: 'thinking', thinking: thought, signature: 'c2ln' }]),
              ...(said ? [said] : calls.length > 0 ? [] : [{ type: 'text', text: 'ok' }]),
              ...calls,
            ];
            messages.push({ role: 'assistant', content });
          }
          messages.push({ role: 'user', content: [...results, { type: 'text', text: 'end' }] });
          const body = request({
            messages,
            ...(system !== undefined && { system }),
            temperature: 0.5,
            top_k: 3,
            stream: false,
          });
          expect(writeRequest(readRequest(body), { model: 'default', stream: false })).toEqual(body);
        },
      ),
    );
  });

  it('of any shape are read or refused, and never fail otherwise', () => {
    const key = fc.constantFrom(
      'model',
      'messages',
      'role',
      'content',
      'type',
      'tools',
      'source',
      'input',
      'system',
      'thinking',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, 'user', 'text', 'assistant', 'tool_use', '', 0, -1, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(fc.property(fc.dictionary(key, value), (body) => void placeOf(request(body))));
  });
});
