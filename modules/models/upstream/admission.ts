import { AiFailure } from '../ai-failure.ts';
import { type BreakerLimits, type CallOutcome, type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import type { UpstreamState } from './upstream-state.ts';

/**
 * Asks the breaker of a model whether a call may start.
 * @returns a function that settles the call, only its first use counts; undefined when the call may not start
 * @throws AiFailure `cancelled` when the caller left
 */
export type Admit = (
  model: string,
  caller: AbortSignal | undefined,
) => Promise<((outcome: CallOutcome) => void) | undefined>;

/** By breakers of this process. @param now milliseconds since any fixed point */
export function admitHere(limits: BreakerLimits | undefined, now: (() => number) | undefined): Admit {
  const breakers = new Map<string, CircuitBreaker>();
  return async (model) => {
    const breaker = breakers.get(model) ?? createCircuitBreaker({ ...limits, ...(now && { now }) });
    breakers.set(model, breaker);
    return breaker.begin();
  };
}

/** By breakers of all processes. @param server its host, which models of the same name differ by */
export function admitTogether(state: UpstreamState, server: string): Admit {
  const never = new AbortController().signal;
  return async (model, caller = never) => {
    try {
      const asked = { target: `${server} ${model}`, provider: server, keys: [] };
      const turn = await state.begin(asked, { waitMs: 0, signal: caller });
      return 'end' in turn ? (outcome) => turn.end({ outcome }) : undefined;
    } catch (error) {
      throw new AiFailure('cancelled', `Call model "${model}": cancelled`, { cause: error });
    }
  };
}
