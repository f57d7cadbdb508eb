/** Token bucket of one process, for the time that Redis is away. */
export interface LocalBucket {
  take(key: string): { allowed: boolean; remaining: number; resetAt: number };
}

interface State {
  tokens: number;
  at: number;
}

/** @param rate tokens a second @param burst most tokens at once @param now milliseconds, monotonic */
export function createLocalBucket(rate: number, burst: number, now: () => number = Date.now): LocalBucket {
  const states = new Map<string, State>();
  return {
    take(key) {
      const at = now();
      // Full buckets carry no information; dropping them keeps memory bounded under many addresses.
      if (states.size > 10_000) {
        for (const [other, state] of states) {
          if (state.tokens + ((at - state.at) / 1000) * rate >= burst) states.delete(other);
        }
      }
      const state = states.get(key) ?? { tokens: burst, at };
      const tokens = Math.min(burst, state.tokens + ((at - state.at) / 1000) * rate);
      const allowed = tokens >= 1;
      states.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
      const missing = Math.max(0, 1 - (allowed ? tokens - 1 : tokens));
      return { allowed, remaining: Math.floor(allowed ? tokens - 1 : tokens), resetAt: at + (missing / rate) * 1000 };
    },
  };
}
