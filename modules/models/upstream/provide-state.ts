import { CACHE_PREFIX } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { redis } from '../../../platform/runtime/providers/redis.ts';
import { CIRCUIT_BREAKER_FAILURE_THRESHOLD, CIRCUIT_BREAKER_RESET_SECONDS } from '../variables.ts';
import { createUpstreamState } from './shared-state.ts';
import type { UpstreamState } from './upstream-state.ts';

/** Breakers and slots that this process shares with all others. */
export const upstreamState = defineProvider(
  [CACHE_PREFIX, CIRCUIT_BREAKER_FAILURE_THRESHOLD, CIRCUIT_BREAKER_RESET_SECONDS],
  async (boot, settings): Promise<UpstreamState> => {
    const state = createUpstreamState({
      redis: await boot.use(redis),
      prefix: settings.CACHE_PREFIX,
      breaker: {
        failures: settings.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
        resetMs: settings.CIRCUIT_BREAKER_RESET_SECONDS * 1000,
      },
    });
    boot.onClose(async () => state.close());
    return state;
  },
);
