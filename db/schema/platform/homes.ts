import { sql } from 'drizzle-orm';
import { check, integer, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * The home whose keys and files belong to this database: one row, the same id as in its `home.json`. No process may read
 * it; the supervisor compares the two before it starts anything.
 */
export const homes = pgTable(
  'homes',
  {
    /** Always 1, so that there is one row. */
    number: integer().primaryKey().default(1),
    id: uuid().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [check('homes_one_row', sql`${table.number} = 1`)],
).enableRLS();
