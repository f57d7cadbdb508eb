import { describe, expect, it } from 'vitest';
import { testRedis } from '../../platform/testing/redis.ts';
import { createActivity } from './activity.ts';

const { redis, away } = await testRedis();

describe('createActivity', () => {
  it('counts distinct people of the last 15 minutes over all processes', async () => {
    let minute = 100;
    const prefix = `test-${crypto.randomUUID()}`;
    const [one, two] = [0, 1].map(() => createActivity(redis, prefix, () => minute * 60_000));
    one?.seen('anna');
    one?.seen('anna');
    two?.seen('anna');
    two?.seen('boris');
    expect(await two?.count()).toBe(2);
    minute = 110;
    one?.seen('boris');
    expect(await one?.count()).toBe(2);
    minute = 115;
    expect(await two?.count()).toBe(1);
    minute = 125;
    expect(await two?.count()).toBe(0);
  });

  it('keeps nothing that names a person, and that not for long', async () => {
    const prefix = `test-${crypto.randomUUID()}`;
    const activity = createActivity(redis, prefix, () => 0);
    activity.seen('anna');
    await activity.count();
    expect(await redis.get(`${prefix}:active:0`)).not.toContain('anna');
    expect(await redis.ttl(`${prefix}:active:0`)).toBeLessThanOrEqual(16 * 60);
  });

  it('counts no one while Redis is unavailable', async () => {
    const activity = createActivity(away, 'test');
    activity.seen('anna');
    expect(await activity.count()).toBe(0);
  });
});
