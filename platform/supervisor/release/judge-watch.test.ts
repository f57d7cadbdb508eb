import { describe, expect, it } from 'vitest';
import { judgeWatch, type WatchSample } from './judge-watch.ts';

const healthy: WatchSample = { now: { begun: 100, failed: 0 }, before: { begun: 1000, failed: 1 }, over: false };
const judge = (difference: Partial<WatchSample>) => judgeWatch({ ...healthy, ...difference });

describe('judgeWatch', () => {
  it('waits until the time is over and then keeps a release that does well', () => {
    expect(judge({})).toBe('wait');
    expect(judge({ over: true })).toBe('keep');
    expect(judge({ now: { begun: 0, failed: 0 }, over: true })).toBe('keep');
  });

  it('restores at once when a process of the new release is lost', () => {
    const restore = 'a process of the new release ended: SIGSEGV';
    expect(judge({ loss: 'SIGSEGV' })).toEqual({ restore });
    expect(judge({ loss: 'SIGSEGV', over: true })).toEqual({ restore });
  });

  it('restores when more than a tenth fails, and gives the figures', () => {
    expect(judge({ now: { begun: 40, failed: 5 } })).toEqual({
      restore: '5 of 40 (12.5 %) failed, before the switch 1 of 1000 (0.1 %)',
    });
    expect(judge({ now: { begun: 40, failed: 5 }, over: true })).toHaveProperty('restore');
    expect(judge({ now: { begun: 50, failed: 5 } })).toBe('wait');
  });

  it('does not judge by a few failures', () => {
    expect(judge({ now: { begun: 4, failed: 4 } })).toBe('wait');
    expect(judge({ now: { begun: 5, failed: 5 } })).toHaveProperty('restore');
  });

  it('keeps a release whose upstream failed before the switch as well', () => {
    const before = { begun: 200, failed: 120 };
    expect(judge({ before, now: { begun: 50, failed: 31 } })).toBe('wait');
    expect(judge({ before, now: { begun: 50, failed: 50 }, over: true })).toBe('keep');
  });

  it('restores when twice as much fails as before', () => {
    const before = { begun: 100, failed: 20 };
    expect(judge({ before, now: { begun: 50, failed: 20 } })).toBe('wait');
    expect(judge({ before, now: { begun: 50, failed: 21 } })).toHaveProperty('restore');
  });

  it('has nothing but the tenth to go by when the release before served no one', () => {
    expect(judge({ before: { begun: 0, failed: 0 }, now: { begun: 10, failed: 5 } })).toHaveProperty('restore');
  });
});
