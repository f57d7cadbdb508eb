import { bigint, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, platformRole } from '../access.ts';

/**
 * Stored files that no row of the database knows, as the last sweep found them: uploads that were cut off, or, after a restore
 * of the database, files that are newer than it. Only an operator decides to delete them.
 */
export const orphanedFiles = pgTable(
  'orphaned_files',
  {
    storageKey: text().primaryKey(),
    bytes: bigint({ mode: 'number' }).notNull(),
    storedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    /** The last sweep that saw it. */
    seenAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  () => [everyRow('orphaned_files', platformRole)],
);
