import { describe, expect, it } from 'vitest';
import { nearestLimit } from './remaining.tsx';

const period = (left: number, limit: number) => ({ left, limit, used: limit - left, resetAt: '', resetSeconds: 1 });
const questions = (day: [number, number], month: [number, number], credits = 0) =>
  ({ day: period(...day), month: period(...month), credits, atOnce: period(1, 1) }) as Parameters<
    typeof nearestLimit
  >[0];

describe('nearestLimit', () => {
  it.each([
    [questions([21, 100], [900, 1000]), undefined],
    [questions([20, 100], [900, 1000]), 'day'],
    [questions([50, 100], [30, 1000]), 'month'],
    [questions([50, 100], [60, 1000]), undefined],
    [questions([0, 0], [0, 0]), 'day'],
    [questions([1, 100], [900, 1000], 50), undefined],
  ])('of %j is %s', (limits, nearest) => {
    expect(nearestLimit(limits)).toBe(nearest);
  });
});
