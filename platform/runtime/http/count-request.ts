import type { Context } from 'hono';
import { type Counted, type RateDecision, type RateLimiter, windowOf } from '../../capabilities/rates/index.ts';
import { Problem } from '../../kernel/problem.ts';
import { rateLimited } from '../../kernel/problems.ts';
import { addHeader } from './add-header.ts';
import type { RouterEnv } from './router-env.ts';

/**
 * Counts a request by these buckets, all at once, and puts what is left of each into the headers of its answer.
 * @throws Problem rate-limited, which names the first that is empty
 */
export function countRequest(c: Context<RouterEnv>, limiter: Pick<RateLimiter, 'checkAll'>) {
  let policies = '';
  let states = '';
  return async (...counted: Counted[]) => {
    const decisions = await limiter.checkAll(counted);
    let empty = -1;
    for (let index = 0; index < decisions.length; index++) {
      const { allowed, remaining, resetAt } = decisions[index] as RateDecision;
      const { policy } = counted[index] as Counted;
      const comma = policies === '' ? '' : ', ';
      policies += `${comma}"${policy.name}";q=${policy.burst};w=${windowOf(policy)}`;
      states += `${comma}"${policy.name}";r=${remaining};t=${secondsUntil(resetAt)}`;
      if (!allowed && empty < 0) empty = index;
    }
    if (empty >= 0) {
      const headers = { 'ratelimit-policy': policies, ratelimit: states };
      throw refusal(counted[empty] as Counted, decisions[empty] as RateDecision, headers);
    }
    addHeader(c, 'ratelimit-policy', policies);
    addHeader(c, 'ratelimit', states);
  };
}

/** Of a request that its bucket has no room for. */
export function refusal(
  { policy }: Counted,
  { resetAt }: Pick<RateDecision, 'resetAt'>,
  headers: Record<string, string> = {},
): Problem {
  const seconds = secondsUntil(resetAt);
  return new Problem(rateLimited, {
    parameters: { seconds, policy: policy.name, resetAt: new Date(resetAt).toISOString() },
    headers: { ...headers, 'retry-after': String(seconds) },
  });
}

/** Whole seconds, at least 1. */
const secondsUntil = (at: RateDecision['resetAt']): number => Math.max(1, Math.ceil((at - Date.now()) / 1000));
