import { findBinaries } from '../services/binaries.ts';
import type { Home } from '../services/home.ts';
import { startPostgres } from '../services/postgres.ts';
import type { Service } from '../services/processes.ts';
import { startRedis } from '../services/redis.ts';

/** Where the data lives: given by the operator, or started here. */
export interface Backing {
  databaseUrl: string;
  redisUrl: string;
  /** Servers that were started here and end with the platform. */
  services: Record<string, Service>;
}

/** Starts what the environment does not name. PostgreSQL and Redis start side by side. */
export async function startBacking(
  home: Home,
  given: { DATABASE_URL: string | undefined; REDIS_URL: string | undefined },
  progress: (line: string) => void,
): Promise<Backing> {
  const [postgres, redis] = await Promise.allSettled([
    given.DATABASE_URL
      ? undefined
      : findBinaries(['postgres']).then((binaries) => startPostgres({ home, binaries, progress })),
    given.REDIS_URL ? undefined : findBinaries(['redis']).then((binaries) => startRedis({ home, binaries, progress })),
  ]);
  if (postgres.status === 'fulfilled' && redis.status === 'fulfilled') {
    return {
      databaseUrl: given.DATABASE_URL ?? (postgres.value as Service).url,
      redisUrl: given.REDIS_URL ?? (redis.value as Service).url,
      services: { ...(postgres.value && { postgres: postgres.value }), ...(redis.value && { redis: redis.value }) },
    };
  }
  const failures: unknown[] = [];
  for (const outcome of [postgres, redis]) {
    if (outcome.status === 'rejected') failures.push(outcome.reason);
    else await outcome.value?.stop();
  }
  throw failures[0];
}
