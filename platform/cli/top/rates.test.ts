import { describe, expect, it } from 'vitest';
import type { TopRow } from '../../supervisor/control/contract.ts';
import { quantile, rates } from './rates.ts';

const bounds = [0.1, 0.2, 1];
const row = (changes: Partial<TopRow>): TopRow => ({
  name: 'ask',
  kind: 'function',
  instances: 1,
  wanted: 1,
  inFlight: 0,
  begun: 0,
  failed: 0,
  refused: 0,
  durations: { bounds, counts: [0, 0, 0, 0] },
  memoryBytes: 1_000,
  ...changes,
});

describe('rates', () => {
  it('tells what happened between two samples, a second', () => {
    const before = row({ begun: 100, failed: 1, refused: 5, durations: { bounds, counts: [90, 9, 1, 0] } });
    const after = row({
      ...{ begun: 140, failed: 3, refused: 9, inFlight: 7, instances: 2, wanted: 3 },
      durations: { bounds, counts: [110, 19, 11, 0] },
    });
    expect(rates([before], [after], 2)).toEqual([
      {
        ...{ name: 'ask', kind: 'function', instances: 2, wanted: 3, inFlight: 7, memoryBytes: 1_000 },
        perSecond: 20,
        refusedPerSecond: 2,
        failedShare: 2 / 40,
        // Rank 38 of 40 is the eighth of the ten between 200 and 1000 ms.
        p95: { ms: 840, isLeast: false },
        ...{ waiting: undefined, oldestSeconds: undefined, wakes: undefined },
      },
    ]);
  });

  it('knows neither times nor a share of errors while nothing is answered', () => {
    const [rate] = rates([row({ begun: 5 })], [row({ begun: 5 })], 1);
    expect(rate).toMatchObject({ perSecond: 0, p95: undefined, failedShare: undefined });
  });

  it('counts no less than nothing when a process was replaced, whose totals are gone', () => {
    const before = row({ begun: 900, failed: 4, durations: { bounds, counts: [900, 0, 0, 0] } });
    const after = row({ begun: 10, durations: { bounds, counts: [0, 10, 0, 0] } });
    expect(rates([before], [after], 1)).toMatchObject([{ perSecond: 0, failedShare: 0, p95: { ms: 195 } }]);
  });

  it('counts all of a unit that is new', () => {
    expect(rates([], [row({ begun: 3 })], 1)).toMatchObject([{ perSecond: 3 }]);
  });

  it('tells how many wakes there were and what the last one took', () => {
    const wake = { at: '2026-01-31T09:05:00Z', queued: 1, spawn: 20, load: 30, ready: 4, total: 55 };
    const [rate] = rates([], [row({ wakes: [{ ...wake, total: 90 }, wake] })], 1);
    expect(rate?.wakes).toEqual({ count: 2, last: wake });
  });
});

describe('quantile', () => {
  it('is a point within the bucket that holds it', () => {
    expect(quantile(0.5, bounds, [10, 0, 0, 0])).toEqual({ ms: 50, isLeast: false });
    expect(quantile(1, bounds, [5, 5, 0, 0])).toEqual({ ms: 200, isLeast: false });
  });

  it('is only known to be more than the last bound above it', () => {
    expect(quantile(0.95, bounds, [1, 0, 0, 99])).toEqual({ ms: 1_000, isLeast: true });
  });
});
