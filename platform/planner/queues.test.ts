import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burst, erlangB, erlangC, offeredLoad, perHourAtLength, queueFigures, shareAbove, slotsFor } from './queues.ts';

describe('Erlang', () => {
  it.each([
    [3, 2, 4 / 9],
    [2, 1.5, 9 / 14],
    [1, 0.5, 0.5],
    [6, 5, 0.587516],
    [10, 8, 0.40918],
    [14, 10, 0.174132],
    [5, 2.5, 0.1304],
    [6, 2.5, 0.0474],
  ])('C of %d slots and %d erlang', (slots, offered, share) => {
    expect(erlangC(slots, offered)).toBeCloseTo(share, share < 0.2 && share !== 0.174132 ? 4 : 6);
  });

  it('B of 3 slots and 2 erlang', () => expect(erlangB(3, 2)).toBeCloseTo(4 / 19, 12));

  it('a call centre with 30 calls of 5 minutes an hour needs 6 people where 9 of 10 callers shall not wait', () => {
    expect(offeredLoad(30, 300)).toBe(2.5);
    expect(slotsFor(30, 300, 0, 0.1)).toBe(6);
  });
});

describe('12 generations of pictures at a time', () => {
  it.each([
    [60, 720],
    [120, 360],
    [180, 240],
  ])('of %d s are %d an hour', (seconds, perHour) => {
    expect(queueFigures({ perHour: 1, seconds, slots: 12 }).capacityPerHour).toBe(perHour);
  });

  it.each([
    [240, 12, 0.6667, 0.1398, 4.2, 0.28, 0.0189],
    [300, 12, 0.8333, 0.4494, 26.96, 2.247, 0.1653],
    [340, 12, 0.9444, 0.7892, 142.05, 13.416, 0.5655],
    [300, 14, 0.7143, 0.1741, 5.22, 0.435, 0.0236],
  ])('%d an hour of 120 s with %d slots', (perHour, slots, utilization, probability, wait, waiting, above) => {
    const figures = queueFigures({ perHour, seconds: 120, slots });
    expect(figures.utilization).toBeCloseTo(utilization, 4);
    expect(figures.waitProbability).toBeCloseTo(probability, 4);
    expect(figures.meanWaitSeconds).toBeCloseTo(wait, 2);
    expect(figures.meanWaiting).toBeCloseTo(waiting, 3);
    expect(shareAbove({ perHour, seconds: 120, slots }, 60)).toBeCloseTo(above, 4);
  });

  it.each([
    [360, 12, 1],
    [300, 8, 1.25],
  ])('%d an hour with %d slots never catch up', (perHour, slots, utilization) => {
    expect(queueFigures({ perHour, seconds: 120, slots })).toMatchObject({
      ...{ utilization, isStable: false, waitProbability: null, meanWaitSeconds: null, meanWaiting: null },
    });
  });

  it('300 an hour need 14 slots where at most 5 % wait longer than a minute', () => {
    expect(slotsFor(300, 120, 60, 0.05)).toBe(14);
    expect(shareAbove({ perHour: 300, seconds: 120, slots: 13 }, 60)).toBeCloseTo(0.064, 3);
  });

  it('10 wait on average at 335.1 an hour', () => expect(perHourAtLength(10, 120, 12)).toBeCloseTo(335.1, 1));

  it.each([
    [100, 1080, 561.6],
    [150, 1560, 811.2],
    [200, 2040, 1060.8],
  ])('%d people at once', (people, lastSeconds, meanSeconds) => {
    const figures = burst(people, 120, 12);
    expect(figures.lastSeconds).toBe(lastSeconds);
    expect(figures.meanSeconds).toBeCloseTo(meanSeconds, 6);
  });
});

describe('100 pictures of a minute in the busiest hour', () => {
  it.each([
    [2, 0.7576, 136.4],
    [3, 0.2998, 13.5],
    [4, 0.1025, 2.6],
    [12, 0, 0],
  ])('with %d slots', (slots, probability, wait) => {
    const figures = queueFigures({ perHour: 100, seconds: 60, slots });
    expect(figures.waitProbability).toBeCloseTo(probability, 4);
    expect(figures.meanWaitSeconds).toBeCloseTo(wait, 1);
  });

  it('two workers make 120 an hour, one process of 12 makes 720', () => {
    expect(queueFigures({ perHour: 100, seconds: 60, slots: 2 }).capacityPerHour).toBe(120);
    expect(queueFigures({ perHour: 100, seconds: 60, slots: 12 }).capacityPerHour).toBe(720);
  });
});

it('more load waits longer, more slots wait less, and all figures are finite', () => {
  const figure = (most: number) => fc.double({ min: 0.001, max: most, noNaN: true });
  fc.assert(
    fc.property(figure(10_000), figure(86_400), fc.integer({ min: 1, max: 500 }), (perHour, seconds, slots) => {
      const { meanWaitSeconds, waitProbability } = queueFigures({ perHour, seconds, slots });
      if (meanWaitSeconds === null || waitProbability === null) return;
      expect(Number.isFinite(meanWaitSeconds)).toBe(true);
      expect(waitProbability).toBeGreaterThanOrEqual(0);
      expect(waitProbability).toBeLessThanOrEqual(1);
      const roomier = queueFigures({ perHour, seconds, slots: slots + 1 }).meanWaitSeconds;
      expect(roomier).toBeLessThanOrEqual(meanWaitSeconds);
      expect(queueFigures({ perHour: perHour / 2, seconds, slots }).meanWaitSeconds).toBeLessThanOrEqual(
        meanWaitSeconds,
      );
    }),
  );
});
