import { z } from '@hono/zod-openapi';
import { type apiKeys, keyScopes } from '../../db/schema/people/api-keys.ts';

const YEAR_MS = 366 * 24 * 3600 * 1000;

export const keyScopesSchema = z
  .array(z.enum(keyScopes))
  .min(1)
  .refine((scopes) => new Set(scopes).size === scopes.length, { message: 'must not repeat itself' });

export const keyExpirySchema = z.iso
  .datetime({ offset: true })
  .refine((at) => Date.parse(at) > Date.now() && Date.parse(at) < Date.now() + YEAR_MS, {
    message: 'must lie ahead, at most a year',
  });

export const apiKeySchema = z
  .strictObject({
    id: z.uuid(),
    userId: z.uuid().openapi({ description: 'User that the key acts for' }),
    name: z.string(),
    prefix: z.string().openapi({ description: 'Start of the key, for recognition' }),
    scopes: z.array(z.enum(keyScopes)),
    channel: z.enum(['external', 'internal']).openapi({ description: 'Selects the rate limits that apply' }),
    expiresAt: z.iso.datetime().nullable(),
    lastUsedAt: z.iso.datetime().nullable().openapi({ description: 'To the minute' }),
    revokedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('ApiKey');

export type ApiKey = z.output<typeof apiKeySchema>;

export const toApiKey = (row: typeof apiKeys.$inferSelect): ApiKey => ({
  id: row.id,
  userId: row.userId,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  channel: row.channel,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
