import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** waiting → delivered | dead; dead → delivered when an operator has it tried again. */
export const callbackStates = ['waiting', 'delivered', 'dead'] as const;
export type CallbackState = (typeof callbackStates)[number];

/** What a caller's server is told: one row for each end of a call or batch that names an address. */
export const callbacks = pgTable(
  'callbacks',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Such as `async.call.done`. */
    event: text().notNull(),
    /** The call or batch, as callers know its id. */
    subject: text().notNull(),
    url: text().notNull(),
    state: text().$type<CallbackState>().notNull().default('waiting'),
    attempts: integer().notNull().default(0),
    /** Attempts in a row whose end is not known, since their process ended. */
    unknown: integer().notNull().default(0),
    /** While it is being sent; later, the process that had it is gone. */
    claimedUntil: timestamp({ withTimezone: true, precision: 3 }),
    /** The last answer's status; null without one. */
    status: integer(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    endedAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [
    index('callbacks_organization').on(table.organizationId, table.createdAt.desc()),
    index('callbacks_subject').on(table.subject),
    index('callbacks_age').on(table.createdAt),
    ...tenantPolicies('callbacks', table.organizationId),
  ],
);
