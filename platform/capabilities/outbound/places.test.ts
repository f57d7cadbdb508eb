import { describe, expect, it } from 'vitest';
import { createPlaces, OutboundFull } from './places.ts';

describe('places', () => {
  it('keep the connections of the first calls only', async () => {
    const places = createPlaces({ most: 3, kept: 2, waitMs: 1 });
    const taken = [await places.take(), await places.take(), await places.take()];
    expect(taken.map(({ isKept }) => isKept)).toEqual([true, true, false]);
  });

  it('serve those who wait in their order', async () => {
    const places = createPlaces({ most: 1, kept: 1, waitMs: 10_000 });
    const first = await places.take();
    const order: number[] = [];
    const others = [1, 2].map(async (number) => {
      const place = await places.take();
      order.push(number);
      place.release();
    });
    first.release();
    await Promise.all(others);
    expect(order).toEqual([1, 2]);
  });

  it('are free once, however often a call releases its own', async () => {
    const places = createPlaces({ most: 1, kept: 1, waitMs: 1 });
    const place = await places.take();
    place.release();
    place.release();
    await places.take();
    await expect(places.take()).rejects.toMatchObject({ name: 'Problem', status: 503 });
  });

  it('give up after the wait, and hand nothing to who gave up', async () => {
    const places = createPlaces({ most: 1, kept: 0, waitMs: 5 });
    const place = await places.take();
    await expect(places.take()).rejects.toMatchObject({
      type: 'unavailable',
      headers: { 'retry-after': '1' },
      message: 'Wait for an outbound connection: none of 1 became free in 5 ms',
      cause: { code: 'OUTBOUND_FULL' },
    });
    place.release();
    expect((await places.take()).isKept).toBe(false);
  });

  it('are not waited for by a caller that leaves', async () => {
    const places = createPlaces({ most: 1, kept: 1, waitMs: 10_000 });
    const place = await places.take();
    const caller = new AbortController();
    const waiting = places.take(caller.signal);
    caller.abort();
    await expect(waiting).rejects.toBe(caller.signal.reason);
    await expect(places.take(caller.signal)).rejects.toBe(caller.signal.reason);
    place.release();
    await expect(places.take()).resolves.toMatchObject({ isKept: true });
  });

  it('follow a limit that changes', async () => {
    let most = 1;
    const places = createPlaces({ most: () => most, kept: 1, waitMs: 5 });
    const first = await places.take();
    await expect(places.take()).rejects.toBeInstanceOf(OutboundFull);
    most = 2;
    const second = await places.take();
    most = 1;
    first.release();
    await expect(places.take()).rejects.toBeInstanceOf(OutboundFull);
    second.release();
    await places.take();
  });
});
