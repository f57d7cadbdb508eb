import { describe, expect, it } from 'vitest';
import { createPause } from './pause.ts';

describe('createPause', () => {
  it('lets everybody through while all is well, and one in each pause after a failure', () => {
    let at = 1_000;
    const pause = createPause(100, () => at);
    const three = () => [pause.isOver(), pause.isOver(), pause.isOver()];
    expect(three()).toEqual([true, true, true]);
    pause.begin();
    expect(three()).toEqual([false, false, false]);
    at += 100;
    expect(three()).toEqual([true, false, false]);
    at += 100;
    expect(three()).toEqual([true, false, false]);
    pause.end();
    expect(three()).toEqual([true, true, true]);
  });
});
