import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { type Accounts, DEVICE_DAYS, type Session } from '../../modules/people/accounts/index.ts';
import { clientKey } from '../../platform/kernel/client-address.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest } from '../../platform/kernel/problems.ts';
import { jsonBody, words } from '../../platform/runtime/http/operation.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import type { SessionCookie } from './session-cookie.ts';

export const sessionSchema = z
  .strictObject({
    accessToken: z.string().openapi({ description: 'RS256 token for the Authorization header' }),
    refreshToken: z
      .string()
      .optional()
      .openapi({ description: 'Valid for one refresh. Missing with `Pandect-Session: cookie`' }),
    expiresIn: z.int().openapi({ description: 'Seconds until the access token expires', example: 1800 }),
  })
  .openapi('Session');

export const emailSchema = z.email().max(254).openapi({ example: 'anna@example.org' });

const refreshTokenSchema = z.strictObject({
  refreshToken: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .openapi({ description: 'Required without `Pandect-Session: cookie`' }),
});

/** Needed unless the token comes in a cookie. */
export const refreshTokenBody = { ...jsonBody(refreshTokenSchema), required: false };

/** @param body empty for a request without one @throws Problem invalid-request */
export function requireRefreshToken(body: z.output<typeof refreshTokenSchema>): string {
  if (body.refreshToken !== undefined) return body.refreshToken;
  throw new Problem(invalidRequest, {
    errors: [{ path: 'body.refreshToken', message: 'must be there without a cookie' }],
  });
}

export const newPasswordSchema = z.string().min(8).max(256);

export const newAccountSchema = z.strictObject({
  email: emailSchema,
  password: newPasswordSchema,
  organization: words(200),
});

export const endedAccessSchema = z
  .strictObject({
    sessions: z.int().openapi({ description: 'Number of sessions ended' }),
    keys: z.int().openapi({ description: 'Number of API keys revoked' }),
  })
  .openapi('EndedAccess');

export interface SignInDeps {
  accounts: Accounts;
  /** Where people reach the platform. */
  publicOrigin: string;
}

/** A token that came by e-mail. */
export const mailedTokenSchema = z.string().min(1).max(512);

const DEVICE_COOKIE = 'pandect_device';

/** Where a password comes from: the client's network, and the device's cookie if it has one. */
export const originOf = (c: Context<RouterEnv>) => ({
  client: clientKey(c.var.address),
  device: getCookie(c, DEVICE_COOKIE),
});

/**
 * Answers with a session, and lets the device remember that somebody signed in on it.
 * @param cookie keeps the refresh token instead of the answer
 */
export function answerSession<S extends Session, Status extends 200 | 201>(
  c: Context<RouterEnv>,
  { deviceToken, refreshToken, refreshExpiresIn, ...session }: S,
  status: Status,
  cookie: SessionCookie | undefined,
) {
  cookie?.keep(refreshToken, refreshExpiresIn);
  setCookie(c, DEVICE_COOKIE, deviceToken, {
    ...{ path: '/api/auth', httpOnly: true, sameSite: 'Lax', maxAge: DEVICE_DAYS * 24 * 3600 },
    secure: c.req.header('x-forwarded-proto') === 'https',
  });
  return c.json(cookie ? session : { ...session, refreshToken }, status);
}
