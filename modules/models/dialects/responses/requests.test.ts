import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatBody, Json } from '../contract.ts';
import { messagesDialect } from '../messages/messages-dialect.ts';
import { refusalOf } from '../refusal-of.fixture.ts';
import { responsesDialect } from './responses-dialect.ts';

const { readRequest, writeRequest } = responsesDialect;
const read = (fields: Json) => readRequest({ model: 'default', input: 'hi', ...fields }) as Json;
const user = { role: 'user', content: 'hi' };

describe('a request of responses as a chat completion', () => {
  it('has its items as messages, in which calls and reasoning join their message', () => {
    const { messages } = read({
      instructions: 'be brief',
      input: [
        { role: 'developer', content: 'be kind' },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'look' },
            { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'low' },
          ],
        },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] },
        {
          type: 'message',
          role: 'assistant',
          content: [
            { type: 'output_text', text: 'I ' },
            { type: 'output_text', text: 'look' },
          ],
        },
        { type: 'function_call', call_id: 'a', name: 'find', arguments: '{}' },
        { type: 'function_call', call_id: 'b', name: 'find', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: 'A' },
        { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'B' }] },
        { type: 'function_call', call_id: 'c', name: 'find', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: 'C' },
      ],
    });
    const call = (id: string) => ({ id, type: 'function', function: { name: 'find', arguments: '{}' } });
    expect(messages).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'developer', content: 'be kind' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
        ],
      },
      { role: 'assistant', content: 'I look', reasoning_content: 'hm', tool_calls: [call('a'), call('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'A' },
      { role: 'tool', tool_call_id: 'b', content: 'B' },
      { role: 'assistant', content: null, tool_calls: [call('c')] },
      { role: 'tool', tool_call_id: 'c', content: 'C' },
    ]);
  });

  it('has the same settings', () => {
    const schema = { type: 'object' };
    expect(
      read({
        max_output_tokens: 50,
        temperature: 1,
        stream: true,
        tools: [{ type: 'function', name: 'find', parameters: schema, strict: true, description: 'Finds' }],
        tool_choice: { type: 'function', name: 'find' },
        text: { format: { type: 'json_schema', name: 'x', schema, strict: true }, verbosity: 'low' },
        reasoning: { effort: 'high', summary: 'auto' },
        store: false,
        metadata: { a: 'b' },
        include: ['reasoning.encrypted_content'],
      }),
    ).toEqual({
      model: 'default',
      messages: [user],
      max_completion_tokens: 50,
      temperature: 1,
      stream: true,
      tools: [{ type: 'function', function: { name: 'find', parameters: schema, strict: true, description: 'Finds' } }],
      tool_choice: { type: 'function', function: { name: 'find' } },
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict: true } },
      verbosity: 'low',
      reasoning_effort: 'high',
    });
  });

  it.each<[string, Json]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['store', { store: true }],
    ['background', { background: true }],
    ['prompt', { prompt: { id: 'p' } }],
    ['truncation', { truncation: 'auto' }],
    ['max_tool_calls', { max_tool_calls: 3 }],
    ['top_logprobs', { top_logprobs: 2 }],
    ['include[0]', { include: ['message.output_text.logprobs'] }],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }],
    ['tool_choice.type', { tool_choice: { type: 'web_search' } }],
    ['input[0].type', { input: [{ type: 'item_reference', id: 'x' }] }],
    ['input[0].content[0].file_id', { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'x' }] }] }],
    ['unheard_of', { unheard_of: 1 }],
    ['body.model', { model: '' }],
    ['body.input', { input: undefined }],
    ['body.input', { input: '' }],
    ['body.input[0].role', { input: [{ role: 'tool', content: 'x' }] }],
    ['body.input[0].content', { input: [{ role: 'user' }] }],
    ['body.input[0].call_id', { input: [{ type: 'function_call', name: 'a', arguments: '' }] }],
    ['body.input[0].output', { input: [{ type: 'function_call_output', call_id: 'a' }] }],
    ['body.max_output_tokens', { max_output_tokens: 0 }],
    ['body.tools[0].name', { tools: [{ type: 'function' }] }],
    ['body.text.format.schema', { text: { format: { type: 'json_schema', name: 'x' } } }],
    ['body.reasoning', { reasoning: 'high' }],
  ])('names %s as the place of what is wrong or cannot be said', (place, fields) => {
    expect(refusalOf(() => read(fields))).toBe(place);
  });

  it('of any shape are read or refused, and never fail otherwise', () => {
    const key = fc.constantFrom(
      'model',
      'input',
      'role',
      'content',
      'type',
      'tools',
      'summary',
      'output',
      'text',
      'format',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, 'user', 'message', 'reasoning', 'function', '', 0, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(fc.property(fc.dictionary(key, value), (body) => void refusalOf(() => read(body))));
  });
});

describe('a chat completion as a request of responses', () => {
  const options = { model: 'gpt', stream: false };
  const write = (fields: Json, drop?: (name: string) => void) =>
    writeRequest({ model: 'default', messages: [user], ...fields } as unknown as ChatBody, { ...options, drop });

  it('comes back as it was', () => {
    const body = {
      model: 'gpt',
      messages: [
        { role: 'system', content: 'be brief' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image_url', image_url: { url: 'https://example.org/a.png', detail: 'auto' } },
          ],
        },
        {
          role: 'assistant',
          content: 'I look',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'find', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'A' },
        {
          role: 'user',
          content: [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AA==' } }],
        },
      ],
      stream: false,
      temperature: 0.5,
      max_completion_tokens: 50,
      tools: [{ type: 'function', function: { name: 'find', parameters: { type: 'object' }, strict: true } }],
      tool_choice: 'required',
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
      verbosity: 'low',
      reasoning_effort: 'low',
    };
    expect(readRequest(writeRequest(body as unknown as ChatBody, options))).toEqual(body);
  });

  it('stores nothing, and asks for no fewer tokens than may be asked for', () => {
    expect(write({ max_tokens: 1 })).toEqual({
      model: 'gpt',
      input: [user],
      max_output_tokens: 16,
      store: false,
      stream: false,
    });
  });

  it.each<[string, Json]>([
    ['n', { n: 2 }],
    ['stop', { stop: ['a'] }],
    ['seed', { seed: 1 }],
    ['logprobs', { logprobs: true }],
    ['tool_choice', { tool_choice: { type: 'custom', custom: { name: 'a' } } }],
    ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'a' } }] }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }],
    ['messages[0].role', { messages: [{ role: 'function', name: 'a', content: 'b' }, user] }],
    ['top_k', { x_anthropic: { top_k: 3 } }],
  ])('is refused for %s, unless that may be dropped', (name, fields) => {
    expect(refusalOf(() => write(fields))).toBe(name);
    const dropped: string[] = [];
    write(fields, (one) => dropped.push(one));
    expect(dropped).toEqual([name]);
  });

  it('reaches Anthropic from a caller of responses', () => {
    const body = readRequest({
      model: 'default',
      input: [
        { role: 'user', content: 'hi' },
        { type: 'function_call', call_id: 'a', name: 'find', arguments: '{"q":1}' },
        { type: 'function_call', call_id: 'b', name: 'find', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: 'A' },
        { type: 'function_call_output', call_id: 'b', output: 'B' },
        { role: 'user', content: 'and?' },
      ],
    });
    const { messages } = messagesDialect.writeRequest(body, { model: 'claude', stream: false });
    expect(
      (messages as Json[]).map(({ role, content }) => [role, (content as Json[]).map(({ type }) => type)]),
    ).toEqual([
      ['user', ['text']],
      ['assistant', ['tool_use', 'tool_use']],
      ['user', ['tool_result', 'tool_result', 'text']],
    ]);
  });
});
