import { describe, expect, it } from 'vitest';
import { spokenAnswer } from './read-answer.ts';

// `modules/legal/writing/read-answer.test.ts` holds `readAnswer` to the same cases as that of exports.
describe('spokenAnswer', () => {
  it('has the words without their marks', () => {
    expect(spokenAnswer('The **deposit** is 500 euros [1], paid [2].\n\n1. One [1]\n- two')).toBe(
      'The deposit is 500 euros, paid.\n1. One\n• two',
    );
  });
});
