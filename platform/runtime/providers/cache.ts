import { type Cache, createCache } from '../../capabilities/cache/index.ts';
import type { Boot } from '../boot.ts';
import { redis } from './redis.ts';

export async function cache(boot: Boot): Promise<Cache> {
  return createCache(await boot.use(redis), boot.environment('CACHE_PREFIX').CACHE_PREFIX);
}
