import type { ProviderKey } from '../providers/adapter.ts';

/** A model at a provider, as far as its health goes. */
export interface StateTarget {
  /** Name of the target: it has one circuit breaker over all processes. */
  target: string;
  provider: string;
  keys: readonly ProviderKey[];
}

/** How a call of an upstream went, for its breaker and its key. `abandoned`: nothing was learned. */
export interface TurnEnd {
  outcome: 'success' | 'failure' | 'abandoned';
  /** Leave this key and model alone so long; the longer of this and what is known counts. */
  cooldownMs?: number;
  /** Park the key: it is refused, or has no money left. */
  park?: boolean;
}

/** The right to make one call, with one key. Ends once; a process that dies gives it back within a minute. */
export interface Turn {
  key: ProviderKey;
  /** This call decides whether the breaker closes again. */
  isProbe: boolean;
  end(how: TurnEnd): void;
}

export type TurnRefusal = {
  /** `open`: the breaker lets no call through; `resting`: all keys cool down or are parked; `full`: all keys are in use. */
  reason: 'open' | 'resting' | 'full';
  /** Milliseconds until it may be different. */
  retryAfterMs: number;
};

/**
 * Breakers, cooldowns and slots over all processes. While Redis cannot be reached each process decides by itself, and lets a quarter of the
 * calls of a limit through, at least one.
 */
export interface UpstreamState {
  /**
   * Takes a slot with a key by weight, or says why not. `full` waits up to `waitMs` for one.
   * @throws the signal's reason once it aborts
   */
  begin(target: StateTarget, options: { waitMs: number; signal: AbortSignal }): Promise<Turn | TurnRefusal>;
  /** For operators: the targets that failed in the last day or were set; the others are closed. */
  list(): Promise<{ target: string; state: 'closed' | 'open' | 'half-open'; failures: number; until?: Date }[]>;
  /** One that is set open stays so, without an `until`, until it is set closed. @throws while Redis is unavailable */
  set(target: string, state: 'open' | 'closed'): Promise<void>;
}

/** What one caller's key, or person, may do at once and in a minute, counted over all processes. */
export interface CallerLimits {
  /** Names the caller: `key <id>` or `user <id>`. */
  caller: string;
  concurrency: number | undefined;
  rpm: number | undefined;
}

/** A caller's place among the calls in progress. A process that dies gives it back within a minute. */
export interface CallPlace {
  release(): void;
  /** For the caller's headers: requests left of this minute, and when they are full again; undefined without a limit. */
  requests: { limit: number; remaining: number; resetMs: number } | undefined;
}

export interface CallPlaces {
  /** @throws Problem rate-limited, too-many-calls-at-once */
  take(limits: CallerLimits): Promise<CallPlace>;
}
