import { pgTable, text } from 'drizzle-orm/pg-core';

/** What was applied of `db/functions`, see `db/apply-functions.ts`. No process may read it. */
export const sqlFunctions = pgTable('sql_functions', {
  name: text().primaryKey(),
  /** Of the file. */
  source: text().notNull(),
  /** Of definition and rights, as the database had them afterwards. */
  definition: text().notNull(),
}).enableRLS();
