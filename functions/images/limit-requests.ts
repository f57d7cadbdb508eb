import type { MiddlewareHandler } from 'hono';
import { perSecond, type RateLimiter, type RatePolicy } from '../../platform/capabilities/rates/index.ts';
import { RATE_LIMIT_IMAGES_RPS } from '../../platform/kernel/variables.ts';
import { defineProvider } from '../../platform/runtime/boot.ts';
import { countRequest } from '../../platform/runtime/http/count-request.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import { rateLimiter } from '../../platform/runtime/providers/rate-limiter.ts';

interface RequestLimit {
  limiter: RateLimiter;
  policy: RatePolicy;
}

/** Requests of each person, whichever of their sessions and keys they come from. */
export const requestLimit = defineProvider(
  [RATE_LIMIT_IMAGES_RPS],
  async (boot, { RATE_LIMIT_IMAGES_RPS: rate }): Promise<RequestLimit> => ({
    limiter: await boot.use(rateLimiter),
    policy: perSecond('images', rate, 2 * rate),
  }),
);

/** Behind `authenticate`. @throws Problem rate-limited */
export const limitRequests =
  ({ limiter, policy }: RequestLimit): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
    await countRequest(c, limiter)({ policy, key: `user ${c.var.caller.userId}` });
    await next();
  };
