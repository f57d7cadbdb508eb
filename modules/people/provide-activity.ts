import { CACHE_PREFIX } from '../../platform/kernel/variables.ts';
import { defineProvider } from '../../platform/runtime/boot.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import { createActivity } from './activity.ts';

export const activity = defineProvider([CACHE_PREFIX], async (boot, { CACHE_PREFIX }) =>
  createActivity(await boot.use(redis), CACHE_PREFIX),
);
