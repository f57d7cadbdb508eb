import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { organizations } from './organizations.ts';

/** Who changed what in an organization; rows are only added. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** NULL for what the platform did by itself or an operator on the command line. */
    actorId: uuid(),
    /** The actor's e-mail at that time, or `operator`, or `platform`. */
    actor: text().notNull(),
    /** Verb and noun, such as `invite-member`. */
    action: text().notNull(),
    /** What it was done to: an id or an address. */
    target: text(),
    details: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    /** The client's, by the edge and the proxies that are trusted; NULL for what no request did. */
    address: text(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    index('audit_log_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    index('audit_log_age').on(table.createdAt),
    ...tenantPolicies('audit_log', table.organizationId),
    everyRow('audit_log', identityRole),
  ],
);
