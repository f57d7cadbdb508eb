import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { organizations } from './organizations.ts';
import type { UserRole } from './users.ts';

/** An address that may join an organization, by a token that is sent to it; only its hash is kept. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    role: text().$type<UserRole>().notNull(),
    tokenHash: text().notNull().unique(),
    invitedBy: uuid(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    acceptedAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    uniqueIndex('invitations_pending')
      .on(table.organizationId, sql`lower(${table.email})`)
      .where(sql`${table.acceptedAt} is null and ${table.revokedAt} is null`),
    index('invitations_organization').on(table.organizationId, table.createdAt),
    ...tenantPolicies('invitations', table.organizationId),
    everyRow('invitations', identityRole),
  ],
);
