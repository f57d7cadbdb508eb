import type { Boot } from '../../platform/runtime/boot.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { type Activity, createActivity } from './activity.ts';

export async function activity(boot: Boot): Promise<Activity> {
  return createActivity(await boot.use(redis), boot.environment('CACHE_PREFIX').CACHE_PREFIX);
}
