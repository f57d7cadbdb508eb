import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCircuitBreaker } from './circuit-breaker.ts';

function breakerWithClock(options: { failures?: number; resetMs?: number } = {}) {
  const clock = { now: 0 };
  return { clock, breaker: createCircuitBreaker({ ...options, now: () => clock.now }) };
}

function fail(breaker: ReturnType<typeof createCircuitBreaker>, times: number): void {
  for (let n = 0; n < times; n += 1) breaker.begin()?.('failure');
}

describe('circuit breaker', () => {
  it('opens after five failures in a row', () => {
    const { breaker } = breakerWithClock();
    fail(breaker, 4);
    const fifth = breaker.begin();
    expect(fifth).toBeDefined();
    fifth?.('failure');
    expect(breaker.begin()).toBeUndefined();
  });

  it('forgets failures when a call succeeds', () => {
    const { breaker } = breakerWithClock();
    fail(breaker, 4);
    breaker.begin()?.('success');
    fail(breaker, 4);
    expect(breaker.begin()).toBeDefined();
  });

  it('does not count a call that its caller abandoned', () => {
    const { breaker } = breakerWithClock();
    for (let n = 0; n < 10; n += 1) breaker.begin()?.('abandoned');
    expect(breaker.begin()).toBeDefined();
  });

  it('lets exactly one probe through after 30 seconds', () => {
    const { breaker, clock } = breakerWithClock();
    fail(breaker, 5);
    clock.now = 29_999;
    expect(breaker.begin()).toBeUndefined();
    clock.now = 30_000;
    expect(breaker.begin()).toBeDefined();
    expect(breaker.begin()).toBeUndefined();
  });

  it('closes when the probe succeeds and opens for another 30 seconds when it fails', () => {
    const { breaker, clock } = breakerWithClock();
    fail(breaker, 5);
    clock.now = 30_000;
    breaker.begin()?.('failure');
    clock.now = 59_999;
    expect(breaker.begin()).toBeUndefined();
    clock.now = 60_000;
    breaker.begin()?.('success');
    expect(breaker.begin()).toBeDefined();
    expect(breaker.begin()).toBeDefined();
  });

  it('gives an abandoned probe its place back at once', () => {
    const { breaker, clock } = breakerWithClock();
    fail(breaker, 5);
    clock.now = 30_000;
    breaker.begin()?.('abandoned');
    expect(breaker.begin()).toBeDefined();
  });

  it('replaces a probe that never reports back', () => {
    const { breaker, clock } = breakerWithClock();
    fail(breaker, 5);
    clock.now = 30_000;
    breaker.begin();
    clock.now = 60_000;
    expect(breaker.begin()).toBeDefined();
  });

  it('ignores the late result of a call from before the outage', () => {
    const { breaker, clock } = breakerWithClock();
    const slow = breaker.begin();
    fail(breaker, 5);
    clock.now = 30_000;
    breaker.begin();
    slow?.('success');
    expect(breaker.begin()).toBeUndefined();
  });

  it('never has two probes in flight, whatever the order of calls and results', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('begin' as const) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 9 }) }),
      fc.record({
        kind: fc.constant('settle' as const),
        outcome: fc.constantFrom('failure' as const, 'abandoned' as const),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { breaker, clock } = breakerWithClock({ failures: 1, resetMs: 10 });
        fail(breaker, 1);
        let probe: { settle: ReturnType<typeof breaker.begin>; at: number } | undefined;
        for (const action of steps) {
          if (action.kind === 'wait') clock.now += action.ms;
          else if (action.kind === 'settle') {
            probe?.settle?.(action.outcome);
            probe = undefined;
          } else {
            const settle = breaker.begin();
            if (settle && probe) expect(clock.now - probe.at).toBeGreaterThanOrEqual(10);
            if (settle) probe = { settle, at: clock.now };
          }
        }
      }),
    );
  });
});
