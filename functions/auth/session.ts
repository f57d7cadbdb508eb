import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { DEVICE_DAYS, type Session } from '../../modules/people/accounts/index.ts';
import { clientKey } from '../../platform/kernel/client-address.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';

export const sessionSchema = z
  .strictObject({
    accessToken: z.string().openapi({ description: 'RS256 token for the Authorization header' }),
    refreshToken: z.string().openapi({ description: 'Valid for one refresh' }),
    expiresIn: z.int().openapi({ description: 'Seconds until the access token expires', example: 1800 }),
  })
  .openapi('Session');

export const emailSchema = z.email().max(254).openapi({ example: 'anna@example.org' });

export const refreshTokenSchema = z.strictObject({ refreshToken: z.string().min(1).max(512) });

export const newPasswordSchema = z.string().min(8).max(256);

export const endedAccessSchema = z
  .strictObject({
    sessions: z.int().openapi({ description: 'Number of sessions ended' }),
    keys: z.int().openapi({ description: 'Number of API keys revoked' }),
  })
  .openapi('EndedAccess');

/** A token that came by e-mail. */
export const mailedTokenSchema = z.string().min(1).max(512);

const DEVICE_COOKIE = 'pandect_device';

/** Where a password comes from: the client's network, and the device's cookie if it has one. */
export const originOf = (c: Context<RouterEnv>) => ({
  client: clientKey(c.var.address),
  device: getCookie(c, DEVICE_COOKIE),
});

/** Answers with a session, and lets the device remember that somebody signed in on it. */
export function answerSession<S extends Session, Status extends 200 | 201>(
  c: Context<RouterEnv>,
  { deviceToken, ...session }: S,
  status: Status,
) {
  setCookie(c, DEVICE_COOKIE, deviceToken, {
    ...{ path: '/api/auth', httpOnly: true, sameSite: 'Lax', maxAge: DEVICE_DAYS * 24 * 3600 },
    secure: c.req.header('x-forwarded-proto') === 'https',
  });
  return c.json(session, status);
}
