import { createRedis, type Redis } from '../../capabilities/redis/index.ts';
import type { Boot } from '../boot.ts';
import { required } from './required.ts';

/** Not part of readiness: everything in Redis can be done without. */
export function redis(boot: Boot): Redis {
  const { REDIS_URL } = boot.environment('REDIS_URL');
  const made = createRedis(required('REDIS_URL', REDIS_URL));
  boot.onClose(async () => made.disconnect());
  return made;
}
