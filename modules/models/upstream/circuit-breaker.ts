/**
 * Stops calls to an upstream that keeps failing: opens after `failures` failures in a row, and after `resetMs` lets one
 * probe through, whose result closes it or opens it again.
 *
 *   closed ──failures──▶ open ──resetMs──▶ half-open ──success──▶ closed
 *                          ▲                   └─────failure────▶ open
 *
 * A call is settled with the epoch it was admitted in. Each change of state begins a new epoch, so a slow call from
 * before the outage says nothing about the probe.
 */
export type BreakerState =
  | { name: 'closed'; epoch: number; failures: number }
  | { name: 'open'; epoch: number; since: number }
  | { name: 'half-open'; epoch: number; since: number };

/** `abandoned`: the caller left before the upstream showed whether it works. */
export type CallOutcome = 'success' | 'failure' | 'abandoned';

export interface BreakerLimits {
  failures: number;
  resetMs: number;
}

export const closedBreaker: BreakerState = { name: 'closed', epoch: 0, failures: 0 };

/** Whether a call may start now. A probe that never reports back is replaced after another `resetMs`. */
export function admitCall(
  state: BreakerState,
  limits: BreakerLimits,
  now: number,
): { state: BreakerState; admitted: boolean } {
  if (state.name === 'closed') return { state, admitted: true };
  if (now - state.since < limits.resetMs) return { state, admitted: false };
  return { state: { name: 'half-open', epoch: state.epoch + 1, since: now }, admitted: true };
}

export function settleCall(
  state: BreakerState,
  limits: BreakerLimits,
  call: { epoch: number; outcome: CallOutcome },
  now: number,
): BreakerState {
  if (call.epoch !== state.epoch || state.name === 'open') return state;
  const epoch = state.epoch + 1;
  if (state.name === 'half-open') {
    if (call.outcome === 'success') return { name: 'closed', epoch, failures: 0 };
    // An abandoned probe frees its place for the next call at once.
    const since = call.outcome === 'failure' ? now : now - limits.resetMs;
    return { name: 'open', epoch, since };
  }
  if (call.outcome === 'abandoned') return state;
  if (call.outcome === 'success') return { ...state, failures: 0 };
  const failures = state.failures + 1;
  return failures < limits.failures ? { ...state, failures } : { name: 'open', epoch, since: now };
}

export interface CircuitBreaker {
  /** A function that settles the call, only its first use counts; undefined when the call may not start. */
  begin(): ((outcome: CallOutcome) => void) | undefined;
}

export function createCircuitBreaker(options: Partial<BreakerLimits> & { now?: () => number } = {}): CircuitBreaker {
  const { now = () => performance.now(), failures = 5, resetMs = 30_000 } = options;
  const limits = { failures, resetMs };
  let state = closedBreaker;
  return {
    begin() {
      const decision = admitCall(state, limits, now());
      state = decision.state;
      if (!decision.admitted) return undefined;
      const { epoch } = state;
      let settled = false;
      return (outcome) => {
        if (!settled) state = settleCall(state, limits, { epoch, outcome }, now());
        settled = true;
      };
    },
  };
}
