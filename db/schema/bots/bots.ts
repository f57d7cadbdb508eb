import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

/** `unauthorized` from when Telegram no longer takes the token until another one is set. */
export type BotState = 'active' | 'stopped' | 'unauthorized';
export type BotDelivery = 'webhook' | 'polling';

const moment = () => timestamp({ withTimezone: true, precision: 3 });

/** Bots in Telegram. A bot belongs to one organization of the whole platform. */
export const bots = pgTable(
  'bots',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    /** Telegram's number of it, with which its token begins. */
    telegramId: text().notNull(),
    username: text().notNull(),
    /** As people see it. */
    name: text().notNull(),
    tokenSealed: text().notNull(),
    /** Of what Telegram sends with each update. */
    secretSealed: text().notNull(),
    /** SHA-256 in hex. */
    secretHash: text().notNull(),
    skills: text().array().notNull(),
    timeZone: text().notNull(),
    settings: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    state: text().$type<BotState>().notNull().default('active'),
    delivery: text().$type<BotDelivery>().notNull(),
    createdAt: moment().notNull().default(sql`now()`),
  },
  (table) => [
    unique('bots_owner').on(table.id, table.organizationId),
    unique('bots_telegram').on(table.telegramId),
    index('bots_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    ...tenantPolicies('bots', table.organizationId),
  ],
);
