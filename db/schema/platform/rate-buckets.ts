import { doublePrecision, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole, tenantRole } from '../access.ts';

/** Token buckets for the time that Redis is unavailable; not logged, so a crash of the server empties them. */
export const rateBuckets = pgTable(
  'rate_buckets',
  {
    /** A digest of the policy and of whom it limits. */
    key: text().primaryKey(),
    tokens: doublePrecision().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  () => [
    everyRow('rate_buckets', tenantRole),
    everyRow('rate_buckets', identityRole),
    everyRow('rate_buckets', platformRole),
  ],
);
