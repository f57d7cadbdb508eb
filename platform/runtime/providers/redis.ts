import { once } from 'node:events';
import { createRedis, type Redis } from '../../capabilities/redis/index.ts';
import type { Boot } from '../boot.ts';
import { required } from './required.ts';

const CONNECT_MS = 500;

/**
 * Not part of readiness: everything in Redis can be done without. It is given a moment to connect, though, or the
 * first requests of each process would meet the fallbacks.
 */
export async function redis(boot: Boot): Promise<Redis> {
  const { REDIS_URL } = boot.environment('REDIS_URL');
  const made = createRedis(required('REDIS_URL', REDIS_URL));
  boot.onClose(async () => made.disconnect());
  await once(made, 'ready', { signal: AbortSignal.timeout(CONNECT_MS) }).catch(() => {});
  return made;
}
