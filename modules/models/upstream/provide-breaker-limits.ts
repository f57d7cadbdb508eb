import { defineProvider } from '../../../platform/runtime/boot.ts';
import { CIRCUIT_BREAKER_FAILURE_THRESHOLD, CIRCUIT_BREAKER_RESET_SECONDS } from '../variables.ts';
import type { BreakerLimits } from './circuit-breaker.ts';

/** The limits of breakers at this moment. A process that follows the configuration replaces what the environment says. */
export interface LiveBreakerLimits {
  inEffect: () => Readonly<BreakerLimits>;
}

export const breakerLimits = defineProvider(
  [CIRCUIT_BREAKER_FAILURE_THRESHOLD, CIRCUIT_BREAKER_RESET_SECONDS],
  (_, settings): LiveBreakerLimits => {
    const environment = {
      failures: settings.CIRCUIT_BREAKER_FAILURE_THRESHOLD,
      resetMs: settings.CIRCUIT_BREAKER_RESET_SECONDS * 1000,
    };
    return { inEffect: () => environment };
  },
);
