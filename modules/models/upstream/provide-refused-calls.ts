import { CACHE_PREFIX } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { redis } from '../../../platform/runtime/providers/redis.ts';
import { createRefusedCalls } from './refused-calls.ts';

/** Refusals of keys, counted by all processes together. */
export const refusedCalls = defineProvider([CACHE_PREFIX], async (boot, { CACHE_PREFIX }) => {
  const counted = createRefusedCalls(await boot.use(redis), CACHE_PREFIX);
  boot.onClose(() => counted.close());
  return counted;
});
