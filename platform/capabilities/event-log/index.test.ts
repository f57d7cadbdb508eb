import { describe, expect, it } from 'vitest';
import { testRedis } from '../../testing/redis.ts';
import { createEventLog } from './index.ts';

const { redis, away } = await testRedis();
const prefix = `test-${crypto.randomUUID()}`;
const log = createEventLog(redis, prefix);
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => ({ n: from + index }));

describe('the event log', () => {
  it('gives what was pushed, in order, from a position on, to readers in any process', async () => {
    const writer = log.open('one', 60);
    for (const event of numbers(0, 50)) writer.push(event);
    await writer.close();
    const elsewhere = createEventLog(redis, prefix);
    expect(await elsewhere.read('one', 0)).toEqual(numbers(0, 50));
    expect(await elsewhere.read('one', 48)).toEqual(numbers(48, 50));
    expect(await elsewhere.read('one', 50)).toEqual([]);
    expect(await elsewhere.read('other', 0)).toEqual([]);
    expect(await redis.ttl(`${prefix}:events:one`)).toBeGreaterThan(50);
  });

  it('writes again what Redis lost in the middle', async () => {
    const writer = log.open('lost', 60);
    writer.push({ n: 0 });
    await writer.close();
    await redis.del(`${prefix}:events:lost`);
    writer.push({ n: 1 });
    await writer.close();
    expect(await log.read('lost', 0)).toEqual(numbers(0, 2));
  });

  it('writes once what it heard of too late', async () => {
    let late = true;
    const busy = {
      evalsha: async (...call: Parameters<typeof redis.evalsha>) => {
        const answer = await redis.evalsha(...call);
        if (!late) return answer;
        late = false;
        throw new Error('Command timed out');
      },
      eval: (...call: Parameters<typeof redis.eval>) => redis.eval(...call),
    } as Partial<typeof redis> as typeof redis;
    const writer = createEventLog(busy, prefix).open('late', 60);
    for (const event of numbers(0, 3)) writer.push(event);
    await writer.close();
    expect(await log.read('late', 0)).toEqual(numbers(0, 3));
  });

  it('keeps what a reader has to hold at once, and a run as a whole, within limits', async () => {
    const writer = log.open('many', 60);
    for (const event of numbers(0, 500)) writer.push(event);
    writer.push({ text: 'x'.repeat(1_000_001) });
    await writer.close();
    expect(await log.read('many', 0)).toHaveLength(200);
    expect(await redis.llen(`${prefix}:events:many`)).toBe(500);
  });

  it('fails no one while Redis is unavailable', async () => {
    const without = createEventLog(away, prefix);
    const writer = without.open('away', 60);
    writer.push({ n: 0 });
    await writer.close();
    expect(await without.read('away', 0)).toBeUndefined();
  });
});
