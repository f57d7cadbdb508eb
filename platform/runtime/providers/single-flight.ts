import { createSingleFlight } from '../../capabilities/cache/index.ts';
import { CACHE_PREFIX } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { redis } from './redis.ts';

export const singleFlight = defineProvider([CACHE_PREFIX], async (boot, { CACHE_PREFIX }) =>
  createSingleFlight(await boot.use(redis), CACHE_PREFIX),
);
