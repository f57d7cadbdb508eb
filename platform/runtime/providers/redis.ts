import { once } from 'node:events';
import { createRedis } from '../../capabilities/redis.ts';
import { REDIS_URL } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { required } from './required.ts';

const CONNECT_MS = 500;

/**
 * Not part of readiness: everything in Redis can be done without. It is given a moment to connect, though, or the
 * first requests of each process would meet the fallbacks.
 */
export const redis = defineProvider([REDIS_URL], async (boot, { REDIS_URL }) => {
  const made = createRedis(required('REDIS_URL', REDIS_URL));
  boot.onClose(async () => made.disconnect());
  await once(made, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => {});
  return made;
});
