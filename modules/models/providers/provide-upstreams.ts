import { CACHE_PREFIX, OUTBOUND_INTERNAL_HOSTS, OUTBOUND_WHITELIST } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { redis } from '../../../platform/runtime/providers/redis.ts';
import { createTransport } from '../upstream/transport.ts';
import { createAdapters } from './adapters.ts';
import { createRedisTokens } from './tokens/redis-tokens.ts';

/** What providers are called with: connections of this process, and tokens of all. */
export const upstreams = defineProvider(
  [OUTBOUND_WHITELIST, OUTBOUND_INTERNAL_HOSTS, CACHE_PREFIX],
  async (boot, settings) => {
    const outbound = { allowedHosts: settings.OUTBOUND_WHITELIST, internalHosts: settings.OUTBOUND_INTERNAL_HOSTS };
    const transport = createTransport(outbound);
    boot.onClose(async () => transport.close());
    const tokens = createRedisTokens(await boot.use(redis), settings.CACHE_PREFIX);
    return { ...outbound, transport, adapterOf: createAdapters({ tokens }) };
  },
);
