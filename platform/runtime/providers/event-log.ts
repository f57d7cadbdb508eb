import { createEventLog } from '../../capabilities/event-log/index.ts';
import { CACHE_PREFIX } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { redis } from './redis.ts';

export const eventLog = defineProvider([CACHE_PREFIX], async (boot, { CACHE_PREFIX }) =>
  createEventLog(await boot.use(redis), CACHE_PREFIX),
);
