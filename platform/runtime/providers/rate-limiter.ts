import { createDatabase } from '../../../db/client.ts';
import { createRateLimiter, type RateLimiter } from '../../capabilities/rates/index.ts';
import type { Boot } from '../boot.ts';
import { redis } from './redis.ts';

/** With a connection of its own to the database, which it opens when Redis is away: handlers may hold all of theirs. */
export async function rateLimiter(boot: Boot): Promise<RateLimiter> {
  const { CACHE_PREFIX, DATABASE_URL } = boot.environment('CACHE_PREFIX', 'DATABASE_URL');
  const database =
    DATABASE_URL === undefined
      ? undefined
      : createDatabase({ url: DATABASE_URL, connections: 1, applicationName: `pandect ${boot.name} rates` });
  if (database) boot.onClose(() => database.close());
  return createRateLimiter({ redis: await boot.use(redis), prefix: CACHE_PREFIX, database });
}
