import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { METHOD_NAME_ALL } from 'hono/router';
import { type Counted, createLocalBucket, perMinute, perSecond } from '../../capabilities/rates/index.ts';
import { remember } from '../../kernel/calls/remember.ts';
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
import { bearerOf } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { countRequest, refusal } from './count-request.ts';
import { limitCaller } from './limit-caller.ts';
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

/** Addresses whose key is kept. */
const REMEMBERED = 1_000;

/** So many times the rate of one account may come from one address to one process. */
const ACCOUNTS_BEHIND_ADDRESS = 50;

/**
 * Limits requests, each once, however long its answer streams: of people who are signed in by account, as an office has one address; all
 * others by the address of the client, those with an access token that is refused too. Programs are counted by address and by key.
 * Preflights are answered before, by the cross-origin rules.
 */
export const limitRate: LimitRate = async (boot, rateLimit) => {
  const limiter = await boot.use(rateLimiter);
  const policies = await boot.use(policiesProvider);
  const crowd = createLocalBucket(policies.address.rate, policies.address.burst);
  // What other processes let in empties the common bucket, and not this process's share of checks.
  const strangers = createLocalBucket(policies.api.rate, policies.api.burst);
  const keyOf = remember(REMEMBERED, clientKey);

  return async (c, next) => {
    const count = countRequest(c, limiter);
    const client = keyOf(c.get('address'));
    const address = { policy: policies[limitOf(rateLimit, c.req.path)], key: client };
    if (address.policy !== policies.api || !carriesAccessToken(c) || !isCountedByCaller(c)) {
      await count(address);
      c.set('limitCaller', (caller) => count(policyOf(policies, caller)));
      return next();
    }
    let isCounted = false;
    const spentUntil = strangers.spentUntil(client) ?? limiter.spentUntil(address.policy, client);
    if (spentUntil !== undefined) c.set('unchecked', refusal(address, { resetAt: spentUntil }));
    c.set('limitCaller', async (caller) => {
      isCounted = true;
      const together = { policy: policies.address, key: client };
      const decision = crowd.take(client);
      if (!decision.allowed) throw refusal(together, decision);
      await count({ policy: policies.api, key: `user ${caller.userId}` }, policyOf(policies, caller));
    });
    await next();
    if (isCounted) return;
    strangers.take(client);
    await count(address);
  };
};

/** What one caller may ask, by account or key. */
const policyOf = (
  policies: ReturnType<typeof ratePolicies>,
  { keyId, userId, channel = 'external' }: Caller,
): Counted =>
  keyId ? { policy: policies[channel], key: `key ${keyId}` } : { policy: policies.person, key: `user ${userId}` };

/** By its form. The keys of programs have another one: an unknown one costs a query, so that addresses are counted before. */
const carriesAccessToken = (c: Context<RouterEnv>): boolean => bearerOf(c)?.startsWith('ey') === true;

/** Whether `limitCaller` stands before the operation that is asked for, and not only before others of the same function. */
const isCountedByCaller = (c: Context<RouterEnv>): boolean =>
  matchedRoutes(c).find(({ handler, method }) => handler === limitCaller || method !== METHOD_NAME_ALL)?.handler ===
  limitCaller;

function limitOf(rateLimit: RateLimit, path: string): 'api' | 'auth' {
  if (typeof rateLimit === 'string') return rateLimit;
  const match = Object.entries(rateLimit).find(
    ([prefix]) => path === prefix || path.startsWith(prefix.replace(/\/?$/, '/')),
  );
  return match?.[1] ?? 'api';
}

export const ratePolicies = (limits: RateLimits) => ({
  api: perSecond('api', limits.RATE_LIMIT_API_RPS, 2 * limits.RATE_LIMIT_API_RPS),
  address: perSecond(
    'address',
    ACCOUNTS_BEHIND_ADDRESS * limits.RATE_LIMIT_API_RPS,
    2 * ACCOUNTS_BEHIND_ADDRESS * limits.RATE_LIMIT_API_RPS,
  ),
  auth: perSecond('auth', limits.RATE_LIMIT_AUTH_RPS, limits.RATE_LIMIT_AUTH_RPS),
  external: perMinute('external', limits.RATE_LIMIT_EXTERNAL_RPM),
  internal: perMinute('internal', limits.RATE_LIMIT_INTERNAL_RPM),
  person: perMinute('person', limits.RATE_LIMIT_PERSON_RPM),
});
