import { afterAll, inject } from 'vitest';
import { createRedis, type Redis } from '../capabilities/redis.ts';

/** A Redis that cannot be reached. */
export const NO_REDIS_URL = 'redis://localhost?path=/nowhere/redis.sock';

/** The Redis of the tests, connected, and one that cannot be reached; closed after the file. */
export async function testRedis(): Promise<{ redis: Redis; away: Redis }> {
  const redis = createRedis(inject('services').redisUrl);
  const away = createRedis(NO_REDIS_URL);
  afterAll(() => {
    redis.disconnect();
    away.disconnect();
  });
  await new Promise((resolve) => redis.once('ready', resolve));
  return { redis, away };
}
