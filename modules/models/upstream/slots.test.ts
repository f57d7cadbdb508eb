import { describe, expect, it } from 'vitest';
import { createSlots } from './slots.ts';

describe('slots', () => {
  it('keep the connections of the first calls only', async () => {
    const slots = createSlots({ most: 3, kept: 2, waitMs: 1 });
    const taken = [await slots.take(), await slots.take(), await slots.take()];
    expect(taken.map(({ isKept }) => isKept)).toEqual([true, true, false]);
  });

  it('serve those who wait in their order', async () => {
    const slots = createSlots({ most: 1, kept: 1, waitMs: 10_000 });
    const first = await slots.take();
    const order: number[] = [];
    const others = [1, 2].map(async (number) => {
      const slot = await slots.take();
      order.push(number);
      slot.release();
    });
    first.release();
    await Promise.all(others);
    expect(order).toEqual([1, 2]);
  });

  it('are free once, however often a call releases its own', async () => {
    const slots = createSlots({ most: 1, kept: 1, waitMs: 1 });
    const slot = await slots.take();
    slot.release();
    slot.release();
    await slots.take();
    await expect(slots.take()).rejects.toMatchObject({ reason: 'overloaded' });
  });

  it('give up after the wait, and hand nothing to who gave up', async () => {
    const slots = createSlots({ most: 1, kept: 0, waitMs: 5 });
    const slot = await slots.take();
    await expect(slots.take()).rejects.toMatchObject({
      reason: 'overloaded',
      message: 'Wait for a connection: none of 1 became free in 5 ms',
    });
    slot.release();
    expect((await slots.take()).isKept).toBe(false);
  });

  it('are not waited for by a caller that leaves', async () => {
    const slots = createSlots({ most: 1, kept: 1, waitMs: 10_000 });
    const slot = await slots.take();
    const caller = new AbortController();
    const waiting = slots.take(caller.signal);
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ reason: 'cancelled' });
    await expect(slots.take(caller.signal)).rejects.toMatchObject({ reason: 'cancelled' });
    slot.release();
    await expect(slots.take()).resolves.toMatchObject({ isKept: true });
  });
});
