import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';

/**
 * Files of deleted documents, kept for `BACKUP_GRACE_DAYS`: a database that is restored to a time before the deletion finds
 * them again.
 */
export const deletedFiles = pgTable(
  'deleted_files',
  {
    storageKey: text().primaryKey(),
    /** No foreign key: an organization's erasure takes the files first. */
    organizationId: uuid(),
    deletedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    index('deleted_files_deleted_at').on(table.deletedAt),
    index('deleted_files_organization').on(table.organizationId),
    ...tenantPolicies('deleted_files', table.organizationId),
  ],
);
