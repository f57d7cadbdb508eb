import type { MiddlewareHandler } from 'hono';
import type { RatePolicy } from '../../capabilities/limits/index.ts';
import type { FunctionManifest } from '../../kernel/manifest.ts';
import { Problem } from '../../kernel/problem.ts';
import type { Boot } from '../boot.ts';
import { rateLimiter } from '../providers/rate-limiter.ts';
import type { RouterEnv } from './router-env.ts';

/** Limits requests per client address. Preflights are answered before, by the cross-origin rules. */
export async function limitRate(boot: Boot, { rateLimit }: FunctionManifest): Promise<MiddlewareHandler<RouterEnv>> {
  if (rateLimit === 'none') return (_, next) => next();
  const limiter = await boot.use(rateLimiter);
  const policy = ratePolicy(rateLimit, boot.environment('RATE_LIMIT_API_RPS', 'RATE_LIMIT_AUTH_RPS'));
  const policyHeader = `"${policy.name}";q=${policy.burst};w=1`;

  return async (c, next) => {
    const { allowed, remaining, retryAfter } = await limiter.check(
      policy,
      clientAddress(c.req.header('x-forwarded-for')),
    );
    const headers = {
      'ratelimit-policy': policyHeader,
      ratelimit: `"${policy.name}";r=${remaining};t=${retryAfter}`,
    };
    if (!allowed) {
      throw new Problem('rate-limited', {
        parameters: { seconds: retryAfter },
        headers: { ...headers, 'retry-after': String(retryAfter) },
      });
    }
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
    await next();
  };
}

export const ratePolicy = (
  kind: 'api' | 'auth',
  limits: { RATE_LIMIT_API_RPS: number; RATE_LIMIT_AUTH_RPS: number },
): RatePolicy =>
  kind === 'auth'
    ? { name: 'auth', rate: limits.RATE_LIMIT_AUTH_RPS, burst: limits.RATE_LIMIT_AUTH_RPS }
    : { name: 'api', rate: limits.RATE_LIMIT_API_RPS, burst: 2 * limits.RATE_LIMIT_API_RPS };

/** The edge appends the address it saw itself; what stands before it was sent by the client and proves nothing. */
const clientAddress = (forwardedFor: string | undefined): string => forwardedFor?.split(',').at(-1)?.trim() || 'local';
