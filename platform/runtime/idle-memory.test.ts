import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectWhenIdle, type IdleMemory } from './idle-memory.ts';

describe('collectWhenIdle', () => {
  let idle: IdleMemory;
  let inFlight = 0;
  let begun = 0;
  let collections = 0;

  beforeEach(() => {
    vi.useFakeTimers();
    [inFlight, begun, collections] = [0, 0, 0];
    idle = collectWhenIdle({ inFlight: () => inFlight, begun: () => begun }, 100, () => {
      collections++;
    });
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

  it('collects once more after each burst', () => {
    vi.advanceTimersByTime(1_000);
    begun = 10;
    vi.advanceTimersByTime(1_000);
    expect(collections).toBe(2);
  });
});

it('collects for real in a process that was started without any flag for it', async () => {
  const work = { inFlight: () => 0, begun: () => 0 };
  const garbage = new WeakRef({});
  await new Promise((resolve) => setTimeout(resolve, 1)); // a weak reference holds its target until the turn ends
  const idle = collectWhenIdle(work, 5);
  while (garbage.deref() !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  idle.stop();
  expect(garbage.deref()).toBeUndefined();
});
