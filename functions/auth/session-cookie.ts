import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { originMismatch } from '../../modules/people/problems.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';

/*
 * A page of this site leaves the refresh token to its browser: with the header `Pandect-Session: cookie` the token travels in a cookie that
 * no script can read, and never in a body. Pages of other sites cannot make a browser use the cookie: it is `SameSite=Strict`, the
 * header needs a permission that they do not get, and the `Origin` must be this site.
 */

const NAME = 'pandect-session';

export const sessionModeHeader = z.object({
  'pandect-session': z.literal('cookie').optional().openapi({
    description:
      'For pages of this site: the refresh token is kept in an HttpOnly cookie and stands in no body. The `Origin` must be this site.',
  }),
});

export interface SessionCookie {
  token: string | undefined;
  /** @param seconds until the token expires */
  keep(token: string, seconds: number): void;
  remove(): void;
}

/**
 * The cookie of a request that asks for this mode; undefined for the others.
 * @param publicOrigin where people reach the platform, for requests that a proxy in front of the edge has changed
 * @throws Problem origin-mismatch
 */
export function sessionCookie(c: Context<RouterEnv>, publicOrigin: string): SessionCookie | undefined {
  if (c.req.header('pandect-session') !== 'cookie') return undefined;
  const origin = c.req.header('origin');
  if (origin === undefined || (origin !== ownOrigin(c) && origin !== originOf(publicOrigin))) {
    throw new Problem(originMismatch);
  }
  // Only a browser that came by TLS takes the prefix, which keeps other hosts and plain HTTP from setting the cookie.
  const secure = origin.startsWith('https:');
  const common = { path: '/', httpOnly: true, sameSite: 'Strict' } as const;
  const rules = secure ? ({ ...common, secure, prefix: 'host' } as const) : common;
  return {
    token: secure ? getCookie(c, NAME, 'host') : getCookie(c, NAME),
    keep: (token, seconds) => setCookie(c, NAME, token, { ...rules, maxAge: seconds }),
    remove: () => deleteCookie(c, NAME, rules),
  };
}

/** As the browser knows it, by what the edge passes on. */
function ownOrigin(c: Context<RouterEnv>): string | undefined {
  const scheme = c.req.header('x-forwarded-proto') === 'https' ? 'https' : 'http';
  return originOf(`${scheme}://${c.req.header('host')}`);
}

const originOf = (address: string): string | undefined => URL.parse(address)?.origin;
