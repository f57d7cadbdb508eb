import { PgDialect } from 'drizzle-orm/pg-core';

/** How statements are written: columns have the names of their properties, in snake case. */
export const dialect = new PgDialect({ casing: 'snake_case' });
