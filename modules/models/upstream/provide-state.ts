import { CACHE_PREFIX } from '../../../platform/kernel/variables.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { redis } from '../../../platform/runtime/providers/redis.ts';
import { breakerLimits } from './provide-breaker-limits.ts';
import { createUpstreamState } from './shared-state.ts';
import type { UpstreamState } from './upstream-state.ts';

/** Breakers, cooldowns and slots that this process shares with all others. */
export const upstreamState = defineProvider([CACHE_PREFIX], async (boot, settings): Promise<UpstreamState> => {
  const made = await boot.useAll({ redis, breakerLimits });
  const state = createUpstreamState({
    redis: made.redis,
    prefix: settings.CACHE_PREFIX,
    breaker: {
      get failures() {
        return made.breakerLimits.inEffect().failures;
      },
      get resetMs() {
        return made.breakerLimits.inEffect().resetMs;
      },
    },
  });
  boot.onClose(async () => state.close());
  return state;
});
