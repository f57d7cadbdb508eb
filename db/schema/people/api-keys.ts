import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { users } from './users.ts';

/** What a key may be used for; what is not named it may not do. */
export const keyScopes = [
  'ask',
  'search',
  'documents:read',
  'documents:write',
  'conversations',
  'usage',
  'gateway',
  'images',
] as const;
export type KeyScope = (typeof keyScopes)[number];

/** Whose requests count together: people and their programs, or the operator's own services. */
export type Channel = 'external' | 'internal';

/** Keys of programs. Each acts for the person who made it and ends with them; only its hash is kept. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    userId: uuid().notNull(),
    name: text().notNull(),
    /** The start of the key, to recognize it by. */
    prefix: text().notNull(),
    keyHash: text().notNull().unique(),
    scopes: text().array().$type<KeyScope[]>().notNull(),
    channel: text().$type<Channel>().notNull().default('external'),
    /** Routes of the gateway that it may use, see `mayUseRoute`; NULL for all. */
    routes: text().array(),
    /** Requests and tokens of the gateway a minute, and requests in progress; NULL for what its channel allows. */
    rpm: integer(),
    tpm: integer(),
    concurrency: integer(),
    expiresAt: timestamp({ withTimezone: true }),
    /** Of what a key was called before it was rotated: that key, and until when this still works. */
    replacedBy: uuid(),
    graceUntil: timestamp({ withTimezone: true }),
    /** To the minute. */
    lastUsedAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    sameOrganization('api_keys_user_owner', [table.userId, table.organizationId], users),
    index('api_keys_organization').on(table.organizationId, table.createdAt),
    ...tenantPolicies('api_keys', table.organizationId),
  ],
);
