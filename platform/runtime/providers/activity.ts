import { type Activity, createActivity } from '../../capabilities/activity/index.ts';
import type { Boot } from '../boot.ts';
import { redis } from './redis.ts';

export async function activity(boot: Boot): Promise<Activity> {
  return createActivity(await boot.use(redis), boot.environment('CACHE_PREFIX').CACHE_PREFIX);
}
