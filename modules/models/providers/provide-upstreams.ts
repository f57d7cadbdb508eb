import { createPlaces } from '../../../platform/capabilities/outbound/places.ts';
import {
  CACHE_PREFIX,
  OUTBOUND_CONNECTIONS,
  OUTBOUND_INTERNAL_HOSTS,
  OUTBOUND_KEPT_CONNECTIONS,
  OUTBOUND_WAIT_SECONDS,
  OUTBOUND_WHITELIST,
} from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { redis } from '../../../platform/runtime/providers/redis.ts';
import { configurations } from '../configuration/provide-configurations.ts';
import { createTransport } from '../upstream/transport.ts';
import { createAdapters } from './adapters.ts';
import { createRedisTokens } from './tokens/redis-tokens.ts';

/** What providers are called with: connections of this process, and tokens of all. */
export const upstreams = defineProvider(
  [
    ...[OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS, CACHE_PREFIX],
    ...[OUTBOUND_CONNECTIONS, OUTBOUND_KEPT_CONNECTIONS, OUTBOUND_WAIT_SECONDS],
  ],
  async (boot, settings) => {
    const made = await boot.useAll({ redis, configurations });
    const outbound = { allowedHosts: settings.OUTBOUND_WHITELIST, internalHosts: settings.OUTBOUND_INTERNAL_HOSTS };
    const places = createPlaces({
      // A call that the gateway admits finds a place.
      most: () => Math.max(settings.OUTBOUND_CONNECTIONS, made.configurations.inEffect().limits.concurrent),
      kept: settings.OUTBOUND_KEPT_CONNECTIONS,
      waitMs: settings.OUTBOUND_WAIT_SECONDS * 1000,
    });
    const transport = createTransport({
      ...outbound,
      places,
      keptConnections: settings.OUTBOUND_KEPT_CONNECTIONS,
    });
    boot.onClose(async () => transport.close());
    const tokens = createRedisTokens(made.redis, settings.CACHE_PREFIX);
    return { ...outbound, places, transport, adapterOf: createAdapters({ tokens }) };
  },
);
