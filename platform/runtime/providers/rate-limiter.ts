import { createRateLimiter, type RateLimiter } from '../../capabilities/limits/index.ts';
import type { Boot } from '../boot.ts';
import { redis } from './redis.ts';

export async function rateLimiter(boot: Boot): Promise<RateLimiter> {
  return createRateLimiter(await boot.use(redis), boot.environment('CACHE_PREFIX').CACHE_PREFIX);
}
