import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../../platform/kernel/problem.ts';
import type { Json } from '../contract.ts';
import { readChatRequest } from './read-request.ts';

const request = (fields: Json = {}): Json => ({
  model: 'default',
  messages: [{ role: 'user', content: 'hi' }],
  ...fields,
});

function placeOf(body: Json): string | undefined {
  try {
    readChatRequest(body);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.type).toBe('invalid-request');
    return error.errors?.[0]?.path;
  }
  return undefined;
}

const call = { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{}' } };

describe('a request for a chat completion', () => {
  it('passes as it is, fields that are not known included', () => {
    const body = request({
      n: 3,
      temperature: 0,
      stop: ['a'],
      seed: -1,
      top_k: 4,
      max_tokens: null,
      tools: [{ type: 'function', function: { name: 'find', parameters: {} } }],
      tool_choice: { type: 'function', function: { name: 'find' } },
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } },
      messages: [
        { role: 'developer', content: 'be brief' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'call_1', content: '' },
      ],
    });
    expect(readChatRequest(body)).toBe(body);
  });

  it.each<[string, Json]>([
    ['body.model', { model: '' }],
    ['body.messages', { messages: 'hi' }],
    ['body.messages', { messages: [] }],
    ['body.messages[0]', { messages: ['hi'] }],
    ['body.messages[0].role', { messages: [{ role: 'robot', content: 'hi' }] }],
    ['body.messages[0].content', { messages: [{ role: 'user' }] }],
    ['body.messages[0].content', { messages: [{ role: 'user', content: [] }] }],
    ['body.messages[0].content', { messages: [{ role: 'assistant' }] }],
    ['body.messages[0].content[0].text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    [
      'body.messages[0].content[0].image_url',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'x' }] }] },
    ],
    ['body.messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['body.messages[0].tool_calls[0].id', { messages: [{ role: 'assistant', tool_calls: [{ ...call, id: 7 }] }] }],
    [
      'body.messages[0].tool_calls[0].function.arguments',
      { messages: [{ role: 'assistant', tool_calls: [{ ...call, function: { name: 'a', arguments: {} } }] }] },
    ],
    ['body.n', { n: 0 }],
    ['body.n', { n: 1.5 }],
    ['body.n', { n: '2' }],
    ['body.max_tokens', { max_tokens: 0 }],
    ['body.max_completion_tokens', { max_completion_tokens: -1 }],
    ['body.temperature', { temperature: 2.1 }],
    ['body.temperature', { temperature: 'hot' }],
    ['body.top_p', { top_p: -0.1 }],
    ['body.top_logprobs', { top_logprobs: 21 }],
    ['body.logit_bias.50256', { logit_bias: { 50256: -101 } }],
    ['body.stream', { stream: 'yes' }],
    ['body.stream_options', { stream_options: [] }],
    ['body.stop', { stop: [1] }],
    ['body.tools', { tools: {} }],
    ['body.tools[0].type', { tools: [{ type: 'web_search' }] }],
    ['body.tools[0].function.name', { tools: [{ type: 'function', function: {} }] }],
    ['body.tools[0].function.parameters', { tools: [{ type: 'function', function: { name: 'a', parameters: 'b' } }] }],
    ['body.tool_choice', { tool_choice: 'any' }],
    ['body.tool_choice.function', { tool_choice: { type: 'function' } }],
    ['body.response_format.type', { response_format: { type: 'xml' } }],
    ['body.response_format.json_schema.name', { response_format: { type: 'json_schema', json_schema: {} } }],
  ])('names %s as the place of the mistake in %j', (place, fields) => {
    expect(placeOf(request(fields))).toBe(place);
  });

  it('nested deeper than a hundred levels is refused, however deep', () => {
    const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
    expect(placeOf(request({ metadata: { a: nested(90) } }))).toBeUndefined();
    expect(placeOf(request({ metadata: { a: nested(200_000) } }))).toBe('body');
  });

  it('of any shape is read or refused, and never fails otherwise', () => {
    const key = fc.constantFrom('model', 'messages', 'role', 'content', 'type', 'tools', 'function', 'tool_calls', 'n');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, 'user', 'text', 'function', '', 0, -1, 1.5, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value), (body) => {
        placeOf(body);
        placeOf(request(body));
      }),
    );
  });
});
