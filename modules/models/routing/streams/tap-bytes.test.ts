import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunk, delta } from '../../dialects/streams.fixture.ts';
import { countCharacters } from '../count-characters.ts';
import { mayMatter } from './may-matter.ts';

const event = (data: unknown, space?: number) =>
  Buffer.from(`data: ${JSON.stringify(data, null, space)}\n\n`).toString('latin1');

describe('characters of an event', () => {
  it('are those of text, reasoning and tools in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (content, args) => {
        const chat = delta({
          content,
          tool_calls: [{ index: 0, id: 'x', function: { name: 'find', arguments: args } }],
        });
        expect(countCharacters(event(chat))).toBe(content.length + 4 + args.length);
        expect(
          countCharacters(event({ type: 'content_block_delta', delta: { type: 'text_delta', text: content } })),
        ).toBe(content.length);
        expect(countCharacters(event({ type: 'response.output_text.delta', item_id: 'x', delta: content }))).toBe(
          content.length,
        );
      }),
    );
  });

  it.each([
    ['a role', delta({ role: 'assistant', content: '' })],
    ['no delta', chunk([], { usage: { prompt_tokens: 1 } })],
    ['a signature', { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'abc' } }],
    ['log probabilities', delta({ content: '' }, { logprobs: { content: [{ token: 'yes', bytes: [1] }] } })],
  ])('are none in %s', (_, data) => {
    expect(countCharacters(event(data))).toBe(0);
  });

  it('are those of the name of a tool where its block starts', () => {
    const block = { type: 'tool_use', id: 'toolu_1', name: 'find', input: {} };
    expect(countCharacters(event({ type: 'content_block_start', index: 1, content_block: block }))).toBe(4);
  });

  it('end where an event is cut', () => {
    expect(countCharacters('data: {"delta":{"content":"abc')).toBe(3);
  });
});

describe('an event', () => {
  const usage = { prompt_tokens: 1, completion_tokens: 1 };

  it.each([
    ['a count', chunk([], { usage })],
    ['a finish', delta({}, { finish_reason: 'stop' })],
    ['one of two finishes', chunk([{ finish_reason: null }, { finish_reason: 'stop' }])],
    ['an error', { error: { message: 'no' } }],
    ['an error of vLLM', { object: 'error', message: 'no' }],
    ['an error of Anthropic', { type: 'error', error: { type: 'overloaded_error' } }],
    ['an end of Anthropic', { type: 'message_stop' }],
    ['an end of responses', { type: 'response.incomplete', response: { usage: null } }],
  ])('with %s matters, also with spaces', (_, data) => {
    expect([mayMatter(event(data)), mayMatter(event(data, 1))]).toEqual([true, true]);
  });

  it('matters by its name, and as the end', () => {
    expect(mayMatter('event: error\ndata: {}\n\n')).toBe(true);
    expect(mayMatter('data: [DONE]\n\n')).toBe(true);
  });

  it.each([
    ['text', delta({ content: 'the "usage", "error": and event' }, { finish_reason: null })],
    ['text next to null', chunk([{ index: 0, delta: { content: 'a' }, finish_reason: null }], { usage: null })],
    ['a piece of a response', { type: 'response.output_text.delta', delta: 'a' }],
    ['a piece of a message', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } }],
  ])('with %s does not', (_, data) => {
    expect([mayMatter(event(data)), mayMatter(event(data, 1))]).toEqual([false, false]);
  });
});
