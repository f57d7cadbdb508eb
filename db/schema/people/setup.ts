import { sql } from 'drizzle-orm';
import { check, integer, pgTable, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole } from '../access.ts';

/** One row once the platform had its first organization; it stays when that is erased. */
export const setup = pgTable(
  'setup',
  {
    /** Always 1, so that there is one row. */
    number: integer().primaryKey().default(1),
    closedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    check('setup_one_row', sql`${table.number} = 1`),
    everyRow('setup', identityRole),
    everyRow('setup', platformRole),
  ],
);
