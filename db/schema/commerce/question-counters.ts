import { date, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Questions admitted in a day and in a month (UTC); `start` is the first day of the period. */
export const questionCounters = pgTable(
  'question_counters',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    period: text().$type<'day' | 'month'>().notNull(),
    start: date().notNull(),
    used: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.period, table.start] }),
    ...tenantPolicies('question_counters', table.organizationId),
  ],
);
