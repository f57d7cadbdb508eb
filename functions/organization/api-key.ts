import { z } from '@hono/zod-openapi';
import { type apiKeys, keyScopes } from '../../db/schema/people/api-keys.ts';

/** Segments as in `team/chat`; `*` stands for the rest of a name. */
const ROUTE_PATTERN = /^(?:[\w.:@+-]{1,100}\/){0,8}(?:[\w.:@+-]{1,100}|\*)$/;

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

const limit = z.int().min(1).max(1_000_000_000).nullable();

/** Limits of a key for the gateway; null or missing leaves those of the key's channel. */
export const keyLimits = {
  routes: z
    .array(z.string().regex(ROUTE_PATTERN, 'must be the name of a route; its last segment may be *'))
    .min(1)
    .max(100)
    .nullable()
    .openapi({
      description: 'Models that the key may name at the gateway, such as `default` or `team/*`; null allows all',
    }),
  rpm: limit.openapi({ description: 'Requests per minute to the gateway; null applies the limit of the channel' }),
  tpm: limit.openapi({ description: 'Tokens per minute at the gateway; null applies the limit of the channel' }),
  concurrency: limit.openapi({ description: 'Concurrent requests to the gateway; null applies no limit of its own' }),
};

export const apiKeySchema = z
  .strictObject({
    id: z.uuid(),
    userId: z.uuid().openapi({ description: 'User that the key acts for' }),
    name: z.string(),
    prefix: z.string().openapi({ description: 'Start of the key, for recognition' }),
    scopes: z.array(z.enum(keyScopes)),
    channel: z.enum(['external', 'internal']).openapi({ description: 'Selects the rate limits that apply' }),
    ...keyLimits,
    expiresAt: z.iso.datetime().nullable(),
    replacedBy: z.uuid().nullable().openapi({ description: 'Key whose earlier secret this is, after a rotation' }),
    graceUntil: z.iso.datetime().nullable().openapi({ description: 'Until when an earlier secret still works' }),
    lastUsedAt: z.iso.datetime().nullable().openapi({ description: 'To the minute' }),
    revokedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('ApiKey');

/** With the key itself. */
export const createdKeySchema = z.strictObject({
  ...apiKeySchema.shape,
  key: z
    .string()
    .nullable()
    .openapi({ description: 'Shown only once; the platform keeps a digest. null when the request is repeated' }),
});

export type ApiKey = z.output<typeof apiKeySchema>;

export const toApiKey = (row: typeof apiKeys.$inferSelect): ApiKey => ({
  id: row.id,
  userId: row.userId,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  channel: row.channel,
  routes: row.routes,
  rpm: row.rpm,
  tpm: row.tpm,
  concurrency: row.concurrency,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  replacedBy: row.replacedBy,
  graceUntil: row.graceUntil?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
