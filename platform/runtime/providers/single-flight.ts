import { createSingleFlight, type SingleFlight } from '../../capabilities/cache/index.ts';
import type { Boot } from '../boot.ts';
import { redis } from './redis.ts';

export async function singleFlight(boot: Boot): Promise<SingleFlight> {
  return createSingleFlight(await boot.use(redis), boot.environment('CACHE_PREFIX').CACHE_PREFIX);
}
