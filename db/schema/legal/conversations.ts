import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

export const conversations = pgTable(
  'conversations',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    /** Since when all of the organization may read it; NULL: its owner alone. */
    sharedAt: timestamp({ withTimezone: true, precision: 3 }),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    unique('conversations_owner').on(table.id, table.organizationId),
    index('conversations_age').on(table.updatedAt),
    index('conversations_user').on(table.userId, table.updatedAt.desc()),
    index('conversations_shared')
      .on(table.organizationId, table.sharedAt.desc(), table.id)
      .where(sql`shared_at is not null`),
    ...tenantPolicies('conversations', table.organizationId),
  ],
);
