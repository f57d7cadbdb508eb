import type { Context, MiddlewareHandler } from 'hono';
import { decodeJwt } from 'jose';
import type { KeyScope } from '../../../db/schema/people/api-keys.ts';
import { Problem } from '../../kernel/problem.ts';
import { notFound, unauthenticated } from '../../kernel/problems.ts';
import type { TokenVerifier } from './caller.ts';
import type { RouterEnv } from './router-env.ts';

/** What a key must be allowed to for operations that only read, and for the others. */
export type NeededScope = KeyScope | { read: KeyScope; write: KeyScope };

/** Where a request carries its token or key; undefined without one. */
type CredentialOf = (c: Context<RouterEnv>) => string | undefined;

/** What `Authorization: Bearer` carries. */
export const bearerOf: CredentialOf = (c) => {
  const [scheme, token] = (c.req.header('authorization') ?? '').split(' ');
  return scheme?.toLowerCase() === 'bearer' && token ? token : undefined;
};

/**
 * Turns a bearer token, or the API key of a program, into the caller. They are only taken from headers, never from the
 * address. Without a scope the operations are for people, and a key is as good there as no token; what a key is not
 * allowed to looks as if it were not there.
 */
export const authenticate =
  (tokens: TokenVerifier, scope?: NeededScope, credentialOf = bearerOf): MiddlewareHandler<RouterEnv> =>
  async (c, next) => {
    const token = credentialOf(c);
    if (token === undefined || (tokens.isKey(token) && scope === undefined)) {
      throw new Problem(unauthenticated, { headers: { 'www-authenticate': 'Bearer' } });
    }
    const unchecked = c.get('unchecked');
    if (unchecked && !tokens.isKnown?.(token)) throw unchecked;
    const caller = await tokens.verify(token);
    const needed = typeof scope === 'object' ? scope[reading.has(c.req.method) ? 'read' : 'write'] : scope;
    if (caller.scopes && (needed === undefined || !caller.scopes.includes(needed))) throw new Problem(notFound);
    c.set('caller', caller);
    await next();
  };

/** When the access token of a request behind `authenticate` was issued; never for a program's key. */
export const tokenIssuedAt = (c: Context<RouterEnv>): Date => {
  const [, token = ''] = (c.req.header('authorization') ?? '').split(' ');
  return new Date(Math.round((decodeJwt(token).iat ?? 0) * 1000));
};

const reading = new Set(['GET', 'HEAD']);
