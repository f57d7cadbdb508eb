import { expect, it } from 'vitest';
import { keepLetterToken } from './letter-token.ts';

const at = (pathname: string, hash: string) => ({ pathname, hash });

it('keeps the token when the address has lost it', () => {
  expect(keepLetterToken(at('/invitation', '#token=a%2Bb'))).toBe('a+b');
  expect(keepLetterToken(at('/invitation', ''))).toBe('a+b');
});

it('gives a token to no other page', () => {
  keepLetterToken(at('/invitation', '#token=a'));
  expect(keepLetterToken(at('/confirm-email', ''))).toBeUndefined();
});

it('keeps the later one of two letters', () => {
  keepLetterToken(at('/reset-password', '#token=old'));
  expect(keepLetterToken(at('/reset-password', '#token=new'))).toBe('new');
});

it.each(['', '#', '#token=', '#other=1', '#%'])('finds none in %j', (hash) => {
  expect(keepLetterToken(at('/none', hash))).toBeUndefined();
});
