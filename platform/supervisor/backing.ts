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
  const [postgres, redis] = await Promise.all([
    given.DATABASE_URL
      ? undefined
      : findBinaries(['postgres']).then((binaries) => startPostgres({ home, binaries, progress })),
    given.REDIS_URL ? undefined : findBinaries(['redis']).then((binaries) => startRedis({ home, binaries, progress })),
  ]);
  return {
    databaseUrl: given.DATABASE_URL ?? (postgres as Service).url,
    redisUrl: given.REDIS_URL ?? (redis as Service).url,
    services: { ...(postgres && { postgres }), ...(redis && { redis }) },
  };
}
