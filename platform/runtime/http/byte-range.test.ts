import { expect, it } from 'vitest';
import { wantedRange } from './byte-range.ts';

const file = { size: 100, etag: '"v1"' };

it.each([
  [undefined, undefined],
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=90-', { start: 90, end: 99 }],
  ['bytes=90-1000', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['bytes=99-99', { start: 99, end: 99 }],
  ['bytes=100-', 'outside'],
  ['bytes=100-200', 'outside'],
  ['bytes=-0', 'outside'],
  ['bytes=9-0', undefined],
  ['bytes=-', undefined],
  ['bytes=0-1,5-6', undefined],
  ['bytes=a-b', undefined],
  ['bytes=0x1-5', undefined],
  ['bytes=1e1-', undefined],
  ['bytes=99999999999999999999-', undefined],
  ['items=0-1', undefined],
])('reads the range %j', (range, expected) => {
  expect(wantedRange({ range, ifRange: undefined }, file)).toEqual(expected);
});

it('has no bytes of an empty file', () => {
  expect(wantedRange({ range: 'bytes=0-', ifRange: undefined }, { ...file, size: 0 })).toBe('outside');
  expect(wantedRange({ range: 'bytes=-5', ifRange: undefined }, { ...file, size: 0 })).toBe('outside');
});

it('gives the whole file to a client that has a part of another version', () => {
  expect(wantedRange({ range: 'bytes=0-9', ifRange: '"v1"' }, file)).toEqual({ start: 0, end: 9 });
  expect(wantedRange({ range: 'bytes=0-9', ifRange: '"v0"' }, file)).toBeUndefined();
  expect(wantedRange({ range: 'bytes=0-9', ifRange: 'Sat, 28 Nov 2026 10:00:00 GMT' }, file)).toBeUndefined();
});
