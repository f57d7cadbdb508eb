import { describe, expect, it } from 'vitest';
import { createLocalBucket } from './local-bucket.ts';

describe('createLocalBucket', () => {
  it('admits a burst, then as many as flow in', () => {
    let at = 0;
    const bucket = createLocalBucket(2, 3, () => at);
    const take = () => bucket.take('a').allowed;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    at = 499;
    expect(take()).toBe(false);
    at = 500;
    expect([take(), take()]).toEqual([true, false]);
    at = 60_000;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
  });

  it('counts each key by itself', () => {
    const bucket = createLocalBucket(1, 1, () => 0);
    expect([bucket.take('a').allowed, bucket.take('b').allowed, bucket.take('a').allowed]).toEqual([true, true, false]);
  });

  it('tells what is left and when the next one is let in', () => {
    const bucket = createLocalBucket(4, 2, () => 1000);
    expect(bucket.take('a')).toEqual({ allowed: true, remaining: 1, resetAt: 1000 });
    expect(bucket.take('a')).toEqual({ allowed: true, remaining: 0, resetAt: 1250 });
    expect(bucket.take('a')).toEqual({ allowed: false, remaining: 0, resetAt: 1250 });
  });

  it('does not let many other keys bring an empty one its tokens back', () => {
    const bucket = createLocalBucket(0.001, 1, () => 0);
    bucket.take('mine');
    for (let other = 0; other < 10_100; other++) bucket.take(`other ${other}`);
    expect(bucket.take('mine').allowed).toBe(false);
  });

  it('has a token again that was put back, and no more than its burst', () => {
    const bucket = createLocalBucket(0.001, 2, () => 0);
    const take = () => bucket.take('a').allowed;
    expect([take(), take(), take()]).toEqual([true, true, false]);
    bucket.putBack('a');
    expect([take(), take()]).toEqual([true, false]);
    for (let times = 0; times < 5; times++) bucket.putBack('a');
    expect([take(), take(), take()]).toEqual([true, true, false]);
  });
});
