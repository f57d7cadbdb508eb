import type { MiddlewareHandler } from 'hono';
import { perMinute, perSecond } from '../../capabilities/rates/index.ts';
import { clientKey } from '../../kernel/client-address.ts';
import type { Environment } from '../../kernel/environment.ts';
import type { FunctionManifest } from '../../kernel/manifest.ts';
import {
  RATE_LIMIT_API_RPS,
  RATE_LIMIT_AUTH_RPS,
  RATE_LIMIT_EXTERNAL_RPM,
  RATE_LIMIT_INTERNAL_RPM,
  RATE_LIMIT_PERSON_RPM,
} from '../../kernel/variables.ts';
import { type Boot, defineProvider } from '../boot.ts';
import { rateLimiter } from '../providers/rate-limiter.ts';
import { countRequest } from './count-request.ts';
import type { RouterEnv } from './router-env.ts';

const limits = [
  ...[RATE_LIMIT_API_RPS, RATE_LIMIT_AUTH_RPS, RATE_LIMIT_EXTERNAL_RPM, RATE_LIMIT_INTERNAL_RPM],
  RATE_LIMIT_PERSON_RPM,
];
const policiesProvider = defineProvider(limits, (_, configured) => ratePolicies(configured));
type RateLimits = Environment<(typeof limits)[number]>;

type RateLimit = Exclude<FunctionManifest['rateLimit'], 'none'>;

/** Makes what `composeFunction` limits requests by. */
export type LimitRate = (boot: Boot, rateLimit: RateLimit) => Promise<MiddlewareHandler<RouterEnv>>;

/**
 * Limits requests per client address, and lets `limitCaller` do the same per caller. A request counts once, however long
 * its answer streams. Preflights are answered before, by the cross-origin rules.
 */
export const limitRate: LimitRate = async (boot, rateLimit) => {
  const limiter = await boot.use(rateLimiter);
  const policies = await boot.use(policiesProvider);

  return async (c, next) => {
    const count = countRequest(c, limiter);
    c.set('limitCaller', ({ keyId, userId, channel = 'external' }) =>
      keyId ? count(policies[channel], `key ${keyId}`) : count(policies.person, `user ${userId}`),
    );
    await count(policies[limitOf(rateLimit, c.req.path)], clientKey(c.var.address));
    await next();
  };
};

function limitOf(rateLimit: RateLimit, path: string): 'api' | 'auth' {
  if (typeof rateLimit === 'string') return rateLimit;
  const match = Object.entries(rateLimit).find(
    ([prefix]) => path === prefix || path.startsWith(prefix.replace(/\/?$/, '/')),
  );
  return match?.[1] ?? 'api';
}

export const ratePolicies = (limits: RateLimits) => ({
  api: perSecond('api', limits.RATE_LIMIT_API_RPS, 2 * limits.RATE_LIMIT_API_RPS),
  auth: perSecond('auth', limits.RATE_LIMIT_AUTH_RPS, limits.RATE_LIMIT_AUTH_RPS),
  external: perMinute('external', limits.RATE_LIMIT_EXTERNAL_RPM),
  internal: perMinute('internal', limits.RATE_LIMIT_INTERNAL_RPM),
  person: perMinute('person', limits.RATE_LIMIT_PERSON_RPM),
});
