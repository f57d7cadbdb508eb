import { describe, expect, it } from 'vitest';
import { openAiFailure } from '../openai/failure-of.ts';
import { readErrorBody } from './error-body.ts';
import { retryAfterOf } from './retry-after.ts';
import { failureInAnswer } from './upstream-failure.ts';

const failureOf = (status: number, body: unknown) => openAiFailure(status, {}, JSON.stringify(body));

describe('the failure of an answer', () => {
  it.each<[number, unknown, object]>([
    [
      400,
      { object: 'error', message: 'bad', type: 'BadRequestError', code: 400 },
      { reason: 'refused', code: '400', detail: 'bad' },
    ],
    [400, { error: { message: 'Arrears', code: 'Arrearage' } }, { reason: 'key-refused', code: 'Arrearage' }],
    [
      400,
      { error: { code: 'data_inspection_failed', message: 'no' } },
      { reason: 'refused', code: 'data_inspection_failed' },
    ],
    [402, { error: { message: 'Insufficient Balance' } }, { reason: 'key-refused' }],
    [404, { error: 'model "x" not found' }, { reason: 'refused', detail: 'model "x" not found' }],
    [413, {}, { reason: 'too-long' }],
    [422, { error: { message: 'Input is longer than the context window' } }, { reason: 'too-long' }],
    [
      403,
      { error: { message: 'no', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
      { reason: 'key-refused' },
    ],
    [408, {}, { reason: 'timeout' }],
    [307, '<html>', { reason: 'broken' }],
    [200, '<html>', { reason: 'broken' }],
    [502, '<html>', { reason: 'broken' }],
    [504, {}, { reason: 'timeout' }],
    [529, {}, { reason: 'overloaded' }],
  ])('of status %i with %j is %j', (status, body, expected) => {
    expect(failureOf(status, body)).toMatchObject({ status, ...expected });
  });

  it('keeps no code and no parameter that could be anything', () => {
    const error = { message: 'no', code: 'Ivan owes 100', type: 'sk-1 2', param: 'the lease of Ivan' };
    expect(failureOf(500, { error })).toEqual({ reason: 'broken', status: 500 });
    expect(readErrorBody('not json')).toEqual({});
  });
});

describe('an answer whose status was 200', () => {
  it.each<[object, string | undefined]>([
    [{ choices: [], error: null }, undefined],
    [{ id: 'resp_1', output: [], error: null }, undefined],
    [{ error: { message: 'slow down', code: 429 } }, 'rate-limited'],
    [{ error: { message: 'down', type: 'overloaded_error' } }, 'overloaded'],
    [{ error: 'something' }, 'broken'],
  ])('%j: %s', (answer, reason) => {
    expect(failureInAnswer(answer as never, openAiFailure)?.reason).toBe(reason);
  });
});

it.each<[Record<string, string>, number | undefined]>([
  [{ 'retry-after': '3' }, 3_000],
  [{ 'retry-after': '3', 'retry-after-ms': '2500' }, 2_500],
  [{ 'x-ms-retry-after-ms': '40' }, 40],
  [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:30 GMT' }, 30_000],
  [{ 'retry-after': '-1' }, undefined],
  [{ 'retry-after': '1e99' }, undefined],
  [{}, undefined],
])('reads of %j how long to wait: %s', (headers, ms) => {
  expect(retryAfterOf(headers, 0)).toBe(ms);
});
