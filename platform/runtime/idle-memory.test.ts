import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectWhenIdle, type IdleMemory } from './idle-memory.ts';

describe('collectWhenIdle', () => {
  let idle: IdleMemory;
  let inFlight = 0;
  let begun = 0;
  let collections = 0;
  const before = globalThis.gc;

  beforeEach(() => {
    vi.useFakeTimers();
    [inFlight, begun, collections] = [0, 0, 0];
    globalThis.gc = (() => {
      collections++;
    }) as typeof globalThis.gc;
    idle = collectWhenIdle({ inFlight: () => inFlight, begun: () => begun }, 100);
  });
  afterEach(() => {
    idle.stop();
    vi.useRealTimers();
    globalThis.gc = before;
  });

  it('collects once after the start and then leaves the process alone', () => {
    vi.advanceTimersByTime(1_000);
    expect(collections).toBe(1);
  });

  it('waits while requests come or are under way', () => {
    for (let tick = 0; tick < 5; tick++) {
      begun++;
      vi.advanceTimersByTime(100);
    }
    inFlight = 1;
    vi.advanceTimersByTime(1_000);
    expect(collections).toBe(0);
  });

  it('collects once more after each burst', () => {
    vi.advanceTimersByTime(1_000);
    begun = 10;
    vi.advanceTimersByTime(1_000);
    expect(collections).toBe(2);
  });

  it('does nothing where collecting is not exposed', () => {
    globalThis.gc = undefined;
    expect(() => vi.advanceTimersByTime(1_000)).not.toThrow();
  });
});
