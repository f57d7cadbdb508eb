import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Organizations that have their prompts logged: off without a row. */
export const promptLogSettings = pgTable(
  'prompt_log_settings',
  {
    organizationId: uuid()
      .primaryKey()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    keepDays: integer().notNull(),
    enabledAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    check('prompt_log_settings_days', sql`${table.keepDays} between 1 and 365`),
    ...tenantPolicies('prompt_log_settings', table.organizationId),
  ],
);

/** What was asked of models and answered, redacted and cut. */
export const promptLogs = pgTable(
  'prompt_logs',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** As usage is written down under. */
    requestId: uuid().notNull(),
    userId: uuid(),
    keyId: uuid(),
    /** Format of the request, such as `chat`. */
    dialect: text().notNull(),
    route: text().notNull(),
    /** The one that answered; null when none did. */
    target: text(),
    /** JSON. */
    request: text().notNull(),
    /** JSON: the answer, or what of a stream came; null when nothing did. */
    answer: text(),
    /** Something was left out for its length. */
    isCut: boolean().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    expiresAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    index('prompt_logs_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    index('prompt_logs_expiry').on(table.expiresAt),
    ...tenantPolicies('prompt_logs', table.organizationId),
  ],
);
