import { type BreakerLimits, type CallOutcome, type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';

/**
 * Asks the breaker of a model whether a call may start.
 * @returns a function that settles the call, only its first use counts; undefined when the call may not start
 */
export type Admit = (model: string) => ((outcome: CallOutcome) => void) | undefined;

/** For calls that were let through before, by what all processes know of the upstream. */
export const admitAlways: Admit = () => () => {};

/** By breakers of this process. @param now milliseconds since any fixed point */
export function admitHere(limits: BreakerLimits | undefined, now: (() => number) | undefined): Admit {
  const breakers = new Map<string, CircuitBreaker>();
  return (model) => {
    const breaker = breakers.get(model) ?? createCircuitBreaker({ ...limits, ...(now && { now }) });
    breakers.set(model, breaker);
    return breaker.begin();
  };
}
