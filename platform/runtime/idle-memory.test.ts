import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectWhenIdle, GROWN_BYTES, type IdleMemory } from './idle-memory.ts';

describe('collectWhenIdle', () => {
  let idle: IdleMemory;
  let inFlight = 0;
  let begun = 0;
  let collections = 0;
  let used = 0;

  beforeEach(() => {
    vi.useFakeTimers();
    [inFlight, begun, collections, used] = [0, 0, 0, 3 * GROWN_BYTES];
    const collect = () => {
      collections++;
      used = GROWN_BYTES;
    };
    idle = collectWhenIdle(
      { inFlight: () => inFlight, begun: () => begun },
      { idleMs: 100, collect, used: () => used },
    );
  });
  afterEach(() => {
    idle.stop();
    vi.useRealTimers();
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

  it('collects once more after each burst that left something', () => {
    vi.advanceTimersByTime(1_000);
    for (const count of [2, 3]) {
      begun += 10;
      used += GROWN_BYTES;
      vi.advanceTimersByTime(1_000);
      expect(collections).toBe(count);
    }
  });

  it('lets bursts add up that left next to nothing', () => {
    vi.advanceTimersByTime(1_000);
    for (const count of [1, 1, 1, 2]) {
      begun++;
      used += GROWN_BYTES / 4;
      vi.advanceTimersByTime(1_000);
      expect(collections).toBe(count);
    }
  });
});

it('collects for real in a process that was started without any flag for it', async () => {
  const work = { inFlight: () => 0, begun: () => 0 };
  const garbage = new WeakRef({});
  await new Promise((resolve) => setTimeout(resolve, 1)); // a weak reference holds its target until the turn ends
  const idle = collectWhenIdle(work, { idleMs: 5 });
  while (garbage.deref() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  idle.stop();
  expect(garbage.deref()).toBeUndefined();
});
