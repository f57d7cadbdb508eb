import { Redis } from 'ioredis';

/**
 * A connection that fails at once instead of queueing while Redis is unavailable: what lives in Redis can always be done
 * without, and a request must not wait for it. `redis://:password@localhost?path=/socket` names a local socket.
 */
export function createRedis(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: 50,
    connectTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  // Callers see each failed command; without a listener the reconnects would end the process.
  redis.on('error', () => {});
  return redis;
}

export type { Redis };
