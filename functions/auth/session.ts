import { z } from '@hono/zod-openapi';

export const sessionSchema = z
  .strictObject({
    accessToken: z.string().openapi({ description: 'RS256 token for the Authorization header' }),
    refreshToken: z.string().openapi({ description: 'Good for one refresh' }),
    expiresIn: z.int().openapi({ description: 'Seconds until the access token expires', example: 1800 }),
  })
  .openapi('Session');

export const emailSchema = z.email().max(254).openapi({ example: 'anna@example.org' });

export const refreshTokenSchema = z.strictObject({ refreshToken: z.string().min(1).max(512) });

export const newPasswordSchema = z.string().min(8).max(256);

export const endedAccessSchema = z
  .strictObject({
    sessions: z.int().openapi({ description: 'How many sessions ended' }),
    keys: z.int().openapi({ description: 'How many API keys were revoked' }),
  })
  .openapi('EndedAccess');

/** A token that came by e-mail. */
export const mailedTokenSchema = z.string().min(1).max(512);
