import { describe, expect, it } from 'vitest';
import type { Json } from '../contract.ts';
import { event } from '../streams.fixture.ts';
import { messagesMeaningOf } from './meaning.ts';

const meaningOf = (data: Json) => messagesMeaningOf(event(data));
const usage = { input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 300, output_tokens: 1 };
const nothing = { hasContent: false, isEnd: false };

describe('the meaning of an event of messages', () => {
  it('is a whole count, of which the end of the message tells the rest', () => {
    const begun = meaningOf({ type: 'message_start', message: { usage } });
    expect(begun).toEqual({ ...nothing, usage: { input: 420, cached: 300, cacheWrite: 20, output: 1 } });
    const last = event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 300 } });
    expect(messagesMeaningOf(last, begun?.usage)).toEqual({
      ...nothing,
      isFinish: true,
      usage: { input: 420, cached: 300, cacheWrite: 20, output: 300 },
    });
    expect(messagesMeaningOf(last)).toEqual({ ...nothing, isFinish: true });
  });

  it('is a count from the end alone where that has all figures', () => {
    const data = {
      type: 'message_delta',
      delta: {},
      usage: { input_tokens: 8, output_tokens: 3, cache_read_input_tokens: 0 },
    };
    expect(meaningOf(data)).toEqual({ ...nothing, usage: { input: 8, cached: 0, output: 3 } });
  });

  it.each<[string, Json, number]>([
    ['text', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'ab' } }, 2],
    ['thinking', { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'abc' } }, 3],
    ['arguments', { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"a' } }, 3],
    [
      'a call',
      { type: 'content_block_start', content_block: { type: 'tool_use', id: 'a', name: 'find', input: {} } },
      4,
    ],
  ])('is content for %s', (_, data, characters) => {
    expect(meaningOf(data)).toEqual({ hasContent: true, isEnd: false, characters });
  });

  it.each<Json>([
    { type: 'content_block_start', content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '' } },
    { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'c2ln' } },
    { type: 'content_block_stop', index: 0 },
  ])('is no content for %j', (data) => {
    expect(meaningOf(data)).toEqual(nothing);
  });

  it.each<[string, number]>([
    ['overloaded_error', 529],
    ['rate_limit_error', 429],
    ['api_error', 500],
    ['invalid_request_error', 400],
    ['authentication_error', 401],
    ['request_too_large', 413],
    ['timeout_error', 504],
    ['new_error', 500],
  ])('is an error for %s', (type, status) => {
    const data = { type: 'error', error: { type, message: 'no' }, request_id: 'req_1' };
    expect(meaningOf(data)).toEqual({ ...nothing, error: { status, code: type } });
  });

  it('is an error by the name of the event too, and tells a spend cap from a rate limit', () => {
    expect(messagesMeaningOf({ event: 'error', data: '{"error":{"type":"overloaded_error"}}' })?.error?.status).toBe(
      529,
    );
    const details = { error_code: 'enforced_spend_limit_reached' };
    expect(meaningOf({ type: 'error', error: { type: 'rate_limit_error', details } })?.error).toEqual({
      status: 429,
      code: 'enforced_spend_limit_reached',
    });
  });

  it('is the end for the last event, and unknown for a ping, other events and what is malformed', () => {
    expect(meaningOf({ type: 'message_stop' })).toEqual({ hasContent: false, isEnd: true });
    expect(meaningOf({ type: 'ping' })).toBeUndefined();
    expect(meaningOf({ type: 'news' })).toBeUndefined();
    for (const data of ['', '[DONE]', '{"type":', '[]']) expect(messagesMeaningOf({ data })).toBeUndefined();
  });
});
