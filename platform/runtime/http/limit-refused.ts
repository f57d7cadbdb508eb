import type { MiddlewareHandler } from 'hono';
import type { LocalBucket } from '../../capabilities/rates/index.ts';
import { clientKey } from '../../kernel/client-address.ts';
import { isProblem, Problem } from '../../kernel/problem.ts';
import { rateLimited, unauthenticated } from '../../kernel/problems.ts';
import type { RouterEnv } from './router-env.ts';

/**
 * Limits the credentials that `authenticate` refuses by the address of their client. Requests with a good one are never counted, whatever
 * else comes from their address.
 */
export const limitRefused =
  (authenticate: MiddlewareHandler<RouterEnv>, refused: LocalBucket): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
    try {
      await authenticate(c, async () => {});
    } catch (error) {
      if (!isProblem(error, unauthenticated)) throw error;
      const { allowed, resetAt } = refused.take(clientKey(c.var.address));
      if (allowed) throw error;
      const seconds = Math.max(1, Math.ceil((resetAt - Date.now()) / 1000));
      throw new Problem(rateLimited, {
        parameters: { seconds, policy: 'auth', resetAt: new Date(resetAt).toISOString() },
        headers: { 'retry-after': String(seconds) },
        cause: error,
      });
    }
    await next();
  };
