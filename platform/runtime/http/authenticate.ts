import type { MiddlewareHandler } from 'hono';
import type { UserRole } from '../../../db/schema/users.ts';
import type { Caller, TokenVerifier } from '../../capabilities/identity/index.ts';
import { Problem } from '../../kernel/problem.ts';
import type { RouterEnv } from './router-env.ts';

/** Turns a bearer token into the caller. Tokens are only taken from the header, never from the address. */
export const authenticate =
  (tokens: TokenVerifier): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
    const [scheme, token] = (c.req.header('authorization') ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) {
      throw new Problem('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } });
    }
    c.set('caller', await tokens.verify(token));
    await next();
  };

const order: UserRole[] = ['viewer', 'member', 'admin', 'owner'];

/** What a role may not do looks as if it were not there. @throws Problem not-found */
export function requireRole(caller: Caller, least: UserRole): void {
  if (order.indexOf(caller.role) < order.indexOf(least)) throw new Problem('not-found');
}
