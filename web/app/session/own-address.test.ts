import { expect, it } from 'vitest';
import { ownAddress } from './own-address.ts';

it.each(['/', '/documents?status=ready&q=%2F%2F#a', '/c/1', '/search?q=договор'])('leads to %s', (next) => {
  expect(ownAddress(next)).toBe(next);
});

it.each([
  ...['//evil.example', '/\\evil.example', '/a\\b', 'https://evil.example/', 'javascript:alert(1)', 'documents', ''],
  ...['/\t/evil.example', '/\n/evil.example', ' /documents', undefined, null, 7, ['/']],
])('does not lead to %j', (next) => {
  expect(ownAddress(next)).toBeUndefined();
});
