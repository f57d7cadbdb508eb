/** Token buckets in the memory of one process. */
export interface LocalBucket {
  /** `resetAt`: when the next token is there, in milliseconds of the clock. */
  take(key: string): { allowed: boolean; remaining: number; resetAt: number };
  /** Undoes one `take` that was allowed. */
  putBack(key: string): void;
  /** Until when a `take` would be refused, in milliseconds of the clock; undefined when it would not. */
  spentUntil(key: string): number | undefined;
}

interface State {
  tokens: number;
  at: number;
}

/** Above so many keys, full buckets are looked for now and then: they carry no information. */
const MANY = 10_000;
const LOOK_MS = 1_000;

/** @param rate tokens a second @param burst most tokens at once @param now milliseconds */
export function createLocalBucket(rate: number, burst: number, now: () => number = Date.now): LocalBucket {
  const states = new Map<string, State>();
  let lookAt = 0;
  const fill = (state: State, at: number) => Math.min(burst, state.tokens + (Math.max(0, at - state.at) / 1000) * rate);
  const forgetFull = (at: number) => {
    if (states.size <= MANY || at < lookAt) return;
    lookAt = at + LOOK_MS;
    for (const [key, state] of states) if (fill(state, at) >= burst) states.delete(key);
  };
  return {
    take(key) {
      const at = now();
      forgetFull(at);
      const state = states.get(key);
      const filled = state ? fill(state, at) : burst;
      const allowed = filled >= 1;
      const tokens = allowed ? filled - 1 : filled;
      states.set(key, { tokens, at });
      return { allowed, remaining: Math.floor(tokens), resetAt: at + (Math.max(0, 1 - tokens) / rate) * 1000 };
    },
    spentUntil(key) {
      const at = now();
      const state = states.get(key);
      const tokens = state ? fill(state, at) : burst;
      return tokens >= 1 ? undefined : at + ((1 - tokens) / rate) * 1000;
    },
    putBack(key) {
      const state = states.get(key);
      if (state) state.tokens = Math.min(burst, state.tokens + 1);
    },
  };
}
