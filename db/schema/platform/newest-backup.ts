import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, platformRole } from '../access.ts';

/** The newest complete backup: one row, or none. Files that were deleted after it began are kept until the next one is complete. */
export const newestBackup = pgTable(
  'newest_backup',
  {
    /** Always 1, so that there is one row. */
    number: integer().primaryKey().default(1),
    id: text().notNull(),
    startedAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [check('newest_backup_one_row', sql`${table.number} = 1`), everyRow('newest_backup', platformRole)],
);
