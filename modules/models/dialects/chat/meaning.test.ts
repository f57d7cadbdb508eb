import { describe, expect, it } from 'vitest';
import type { Json } from '../contract.ts';
import { chunk, delta, event } from '../streams.fixture.ts';
import { characterCount, chatMeaningOf } from './meaning.ts';

const meaningOf = (data: Json) => chatMeaningOf(event(data));
const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };
const countOf = (fields: Json) => meaningOf(chunk([], { usage: { ...usage, ...fields } }))?.usage;

describe('the meaning of an event of chat completions', () => {
  it.each<[string, Json]>([
    ['a role alone', delta({ role: 'assistant', content: '' })],
    ['an empty delta', delta({})],
    ['a finish', delta({}, { finish_reason: 'stop' })],
    ["Azure's first chunk", chunk([], { model: '', prompt_filter_results: [{ prompt_index: 0 }] })],
    ['a choice without a delta', chunk([{ index: 0, finish_reason: null, content_filter_results: {} }])],
    ['a delta of null', chunk([{ index: 0, delta: null }])],
    ['an empty list of calls', delta({ tool_calls: [] })],
  ])('is no content for %s', (_, data) => {
    expect(meaningOf(data)).toMatchObject({ hasContent: false, isEnd: false });
    expect(meaningOf(data)).not.toHaveProperty('usage');
    expect(meaningOf(data)).not.toHaveProperty('isUsageOnly');
  });

  it.each<[string, Json, number | undefined]>([
    ['text', delta({ content: 'ab' }), 2],
    ['reasoning', delta({ reasoning_content: 'abc' }), 3],
    ['reasoning by its other name', delta({ reasoning: 'abc' }), 3],
    ['a refusal', delta({ refusal: 'no' }), 2],
    ['a call', delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'find', arguments: '' } }] }), 4],
    ['arguments', delta({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }), 4],
    ['a call without words', delta({ tool_calls: [{ index: 0, id: 'a' }] }), undefined],
    ['audio', delta({ audio: { id: 'a', data: 'AA==' } }), undefined],
  ])('is content for %s', (_, data, characters) => {
    expect(meaningOf(data)?.hasContent).toBe(true);
    expect(meaningOf(data)?.characters).toBe(characters);
  });

  it('is a finish where a reason stands, with the count next to it', () => {
    const meaning = meaningOf({ ...delta({}, { finish_reason: 'stop' }), usage });
    expect(meaning).toEqual({ hasContent: false, isEnd: false, isFinish: true, usage: { input: 12, output: 5 } });
  });

  it('is a count alone for a chunk without choices', () => {
    expect(meaningOf(chunk([], { usage }))).toMatchObject({ isUsageOnly: true, usage: { input: 12, output: 5 } });
    expect(meaningOf(delta({ content: 'a' }))).not.toHaveProperty('isUsageOnly');
  });

  it('keeps a cached count of 0, and none where none is said', () => {
    expect(countOf({ prompt_tokens_details: { cached_tokens: 0 } })).toEqual({ input: 12, output: 5, cached: 0 });
    expect(countOf({ prompt_tokens_details: {} })).toEqual({ input: 12, output: 5 });
    expect(countOf({ prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 4 })).toMatchObject({ cached: 8 });
    expect(
      countOf({ prompt_tokens_details: { cache_write_tokens: 2 }, completion_tokens_details: { reasoning_tokens: 3 } }),
    ).toEqual({ input: 12, output: 5, cacheWrite: 2, reasoning: 3 });
  });

  it.each([-1, 1.5, '12', null, 2 ** 53, {}])('ignores a count of %j', (wrong) => {
    expect(countOf({ prompt_tokens: wrong })).toBeUndefined();
    expect(countOf({ completion_tokens: wrong })).toBeUndefined();
    expect(countOf({ prompt_tokens_details: { cached_tokens: wrong } })).toEqual({ input: 12, output: 5 });
  });

  it('ignores a part that is larger than the whole', () => {
    expect(countOf({ prompt_tokens_details: { cached_tokens: 13 } })).toEqual({ input: 12, output: 5 });
    expect(countOf({ completion_tokens_details: { reasoning_tokens: 6 } })).toEqual({ input: 12, output: 5 });
  });

  it.each<[Json, { status: number; code: string }]>([
    [
      { error: { message: 'slow down', type: 'rate_limit_error', code: null } },
      { status: 429, code: 'rate_limit_error' },
    ],
    [{ error: { code: 'insufficient_quota', type: 'x' } }, { status: 429, code: 'insufficient_quota' }],
    [{ error: { code: 502, message: 'bad gateway', metadata: {} } }, { status: 502, code: 'error' }],
    [{ error: { code: '503', type: 'Overloaded' } }, { status: 503, code: 'Overloaded' }],
    [{ error: { type: 'overloaded_error' } }, { status: 529, code: 'overloaded_error' }],
    [{ error: { code: 'a secret: sk-123', type: 'server_error' } }, { status: 500, code: 'server_error' }],
    [{ error: 'went wrong' }, { status: 500, code: 'error' }],
    [
      { object: 'error', message: 'no', type: 'BadRequestError', code: 400 },
      { status: 400, code: 'BadRequestError' },
    ],
    [
      { choices: [{ delta: {}, finish_reason: 'error' }], error: { code: 429 } },
      { status: 429, code: 'error' },
    ],
  ])('is the error of %j', (data, error) => {
    expect(meaningOf(data)).toEqual({ hasContent: false, isEnd: false, error });
  });

  it('is the end for the last event, and unknown for events of other shapes', () => {
    expect(chatMeaningOf({ data: '[DONE]' })).toEqual({ hasContent: false, isEnd: true });
    for (const data of ['', 'null', '7', '[]', '{"choices":', '{"type":"ping"}'])
      expect(chatMeaningOf({ data })).toBeUndefined();
    expect(meaningOf({ error: null, choices: [] })).toMatchObject({ hasContent: false });
  });
});

describe('the number of characters', () => {
  it('is that of a whole answer as well', () => {
    const message = { content: 'ab', tool_calls: [{ function: { name: 'c', arguments: '{}' } }] };
    expect(characterCount({ choices: [{ message }, { text: 'xyz' }] })).toBe(8);
    expect(characterCount({})).toBe(0);
  });
});
