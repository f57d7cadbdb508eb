import { describe, expect, it } from 'vitest';
import { signInWait } from './sign-in-wait.ts';

describe('signInWait', () => {
  it('is nothing for four wrong passwords, then doubles from 15 s to 15 minutes', () => {
    expect([0, 1, 4, 5, 6, 7, 10, 11, 12, 1_000_000].map(signInWait)).toEqual([
      0, 0, 0, 15, 30, 60, 480, 900, 900, 900,
    ]);
  });
});
