import { sql } from 'drizzle-orm';
import { integer, json, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, platformRole, tenantRole } from '../access.ts';

/** Configurations of the gateway; the one with the highest number is in effect. Rows are only added. */
export const gatewayVersions = pgTable(
  'gateway_versions',
  {
    /** From 1, without gaps. */
    number: integer().primaryKey(),
    /** As it was written, its fields in their order. Holds names of keys and no secret. */
    document: json().$type<unknown>().notNull(),
    comment: text(),
    /** Login name of the operator. */
    createdBy: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  () => [everyRow('gateway_versions', tenantRole), everyRow('gateway_versions', platformRole)],
);
