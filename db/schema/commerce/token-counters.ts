import { bigint, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Tokens reserved or used in a minute, by channel, and by each API key that has a limit of its own. */
export const tokenCounters = pgTable(
  'token_counters',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    channel: text().$type<'external' | 'internal' | `key/${string}`>().notNull(),
    minute: timestamp({ withTimezone: true }).notNull(),
    tokens: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.channel, table.minute] }),
    index('token_counters_age').on(table.minute),
    ...tenantPolicies('token_counters', table.organizationId),
  ],
);
