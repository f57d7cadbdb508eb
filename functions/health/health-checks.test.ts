import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CheckedParts, createHealthChecks } from './health-checks.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<void>(() => {});

/** What is told of a database that answers so, and how long it took. */
async function checkDatabase(...answers: readonly (() => Promise<void>)[]) {
  const check = vi.fn<() => Promise<void>>();
  for (const answer of answers) check.mockImplementationOnce(answer);
  const checks = createHealthChecks({ database: { check } } as unknown as CheckedParts);
  const told = checks.run('database');
  await vi.advanceTimersByTimeAsync(10_000);
  return { ...(await told).database, times: check.mock.calls.length };
}

describe('a check', () => {
  it('that is late is made again', async () => {
    expect(await checkDatabase(never, async () => {})).toEqual({ status: 'healthy', ms: 2_000, times: 2 });
  });

  it('that is late twice has failed before a balancer gives up', async () => {
    expect(await checkDatabase(never, never)).toEqual({ status: 'unhealthy', ms: 4_000, times: 2 });
  });

  it('that fails is not made again', async () => {
    const fails = () => Promise.reject(new Error('no'));
    expect(await checkDatabase(fails)).toEqual({ status: 'unhealthy', ms: 0, times: 1 });
  });
});
