import { createDatabase } from '../../../db/client.ts';
import { createRateLimiter } from '../../capabilities/rates/index.ts';
import { CACHE_PREFIX, DATABASE_URL } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';
import { redis } from './redis.ts';

/** With its own connection to the database, opened while Redis is unavailable: handlers may hold all of theirs. */
export const rateLimiter = defineProvider(
  [CACHE_PREFIX, DATABASE_URL],
  async (boot, { CACHE_PREFIX, DATABASE_URL }) => {
    const database =
      DATABASE_URL === undefined
        ? undefined
        : createDatabase({ url: DATABASE_URL, connections: 1, applicationName: `pandect ${boot.name} rates` });
    if (database) boot.onClose(() => database.close());
    return createRateLimiter({ redis: await boot.use(redis), prefix: CACHE_PREFIX, database });
  },
);
