import { findBinaries } from '../services/binaries.ts';
import type { Home } from '../services/home.ts';
import { startPostgres } from '../services/postgres.ts';
import { startRedis } from '../services/redis.ts';
import { serviceSizes } from '../services/service-sizes.ts';
import type { WatchedService } from './upkeep.ts';

/** Where the data lives: given by the operator, or started here. */
export interface Backing {
  databaseUrl: string;
  redisUrl: string;
  /** Servers that were started here and end with the platform. */
  services: Record<string, WatchedService>;
}

/**
 * Starts what the environment does not name, side by side. What runs is stopped again if something else fails.
 * @param connections that the database accepts, if it is started
 */
export async function startBacking(
  home: Home,
  given: { DATABASE_URL: string | undefined; REDIS_URL: string | undefined; CACHE_PREFIX: string },
  connections: number,
  progress: (line: string) => void,
): Promise<Backing> {
  const settings = { max_connections: String(connections), ...serviceSizes().postgres };
  const postgres = async () => startPostgres({ home, binaries: await findBinaries(['postgres']), progress, settings });
  const redis = async () =>
    startRedis({ home, binaries: await findBinaries(['redis']), prefix: given.CACHE_PREFIX, progress });
  const wanted = { ...(given.DATABASE_URL ? {} : { postgres }), ...(given.REDIS_URL ? {} : { redis }) };
  const services: Record<string, WatchedService> = {};
  const starts = await Promise.allSettled(
    Object.entries(wanted).map(async ([name, start]) => {
      services[name] = { service: await start(), restarts: 0, start };
    }),
  );
  const failure = starts.find((result) => result.status === 'rejected');
  if (failure) {
    for (const { service } of Object.values(services)) await service.stop();
    throw failure.reason;
  }
  return {
    databaseUrl: given.DATABASE_URL ?? (services.postgres as WatchedService).service.url,
    redisUrl: given.REDIS_URL ?? (services.redis as WatchedService).service.url,
    services,
  };
}
