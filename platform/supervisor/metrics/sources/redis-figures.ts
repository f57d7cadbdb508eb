import { connectOnce } from '../../../services/redis.ts';
import { type Family, gauge } from '../family.ts';

/** Asks a Redis for its memory. @param url of a user who may ask for `INFO` @throws when it does not answer */
export async function readRedisFigures(url: string): Promise<Family[]> {
  const client = connectOnce(url);
  try {
    await client.connect();
    const info = await client.info();
    const figure = (name: string) => {
      const value = new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1];
      return value === undefined ? undefined : Number(value);
    };
    return [
      gauge('pandect_redis_memory_bytes', 'Memory that Redis uses', figure('used_memory')),
      gauge('pandect_redis_memory_max_bytes', 'Memory that it may use; 0 without a limit', figure('maxmemory')),
      gauge('pandect_redis_connections', 'Connections to it', figure('connected_clients')),
      gauge(
        'pandect_redis_evicted_keys',
        'Keys that it gave up for want of memory since its start',
        figure('evicted_keys'),
      ),
    ];
  } finally {
    client.disconnect();
  }
}
