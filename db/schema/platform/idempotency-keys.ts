import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Result of a request with an `Idempotency-Key`; `result` is NULL while the first one is in work. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid().notNull(),
    key: text().notNull(),
    /** Digest of the request; another request under the same key is refused. */
    fingerprint: text().notNull(),
    /** Which attempt owns the key; one that was given up may not touch what a later one did. */
    run: uuid().notNull(),
    result: jsonb(),
    /** When the owner asked for the work to stop. */
    stopAskedAt: timestamp({ withTimezone: true }),
    /** While the request is in work, when it was last heard of. */
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.userId, table.key] }),
    index('idempotency_keys_age').on(table.createdAt),
    ...tenantPolicies('idempotency_keys', table.organizationId),
  ],
);
