import { createCache } from '../../capabilities/cache/index.ts';
import { CACHE_PREFIX } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { redis } from './redis.ts';

export const cache = defineProvider([CACHE_PREFIX], async (boot, { CACHE_PREFIX }) =>
  createCache(await boot.use(redis), CACHE_PREFIX),
);
