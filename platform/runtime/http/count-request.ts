import type { Context } from 'hono';
import { type RateDecision, type RateLimiter, type RatePolicy, windowOf } from '../../capabilities/rates/index.ts';
import { Problem } from '../../kernel/problem.ts';
import { rateLimited } from '../../kernel/problems.ts';
import type { RouterEnv } from './router-env.ts';

/** Each policy that a request was counted by stands in its answer's headers. @throws Problem rate-limited */
export function countRequest(c: Context<RouterEnv>, limiter: RateLimiter) {
  const policyItems: string[] = [];
  const stateItems: string[] = [];
  return async (policy: RatePolicy, key: string) => {
    const { allowed, remaining, resetAt } = await limiter.check(policy, key);
    const seconds = secondsUntil(resetAt);
    policyItems.push(`"${policy.name}";q=${policy.burst};w=${windowOf(policy)}`);
    stateItems.push(`"${policy.name}";r=${remaining};t=${seconds}`);
    const headers = { 'ratelimit-policy': policyItems.join(', '), ratelimit: stateItems.join(', ') };
    if (!allowed) {
      throw new Problem(rateLimited, {
        parameters: { seconds, policy: policy.name, resetAt: new Date(resetAt).toISOString() },
        headers: { ...headers, 'retry-after': String(seconds) },
      });
    }
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  };
}

/** Whole seconds, at least 1. */
const secondsUntil = (at: RateDecision['resetAt']): number => Math.max(1, Math.ceil((at - Date.now()) / 1000));
