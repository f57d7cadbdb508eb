import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { bots } from './bots.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3 });

/** Updates of Telegram. What they hold goes when they are handled; their numbers stay, so that one delivered again does nothing. */
export const botUpdates = pgTable(
  'bot_updates',
  {
    organizationId: uuid().notNull(),
    botId: uuid().notNull(),
    /** Telegram's, which restarts at random after a quiet week. */
    updateId: bigint({ mode: 'number' }).notNull(),
    /** In the order of arrival. */
    arrival: bigint({ mode: 'number' }).notNull().generatedByDefaultAsIdentity(),
    chatId: text().notNull(),
    payload: jsonb().$type<unknown>(),
    /** Times that it was begun. */
    attempts: integer().notNull().default(0),
    receivedAt: moment().notNull().default(sql`now()`),
    handledAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.updateId] }),
    sameOrganization('bot_updates_bot', [table.botId, table.organizationId], bots),
    index('bot_updates_open').on(table.botId, table.chatId, table.arrival).where(sql`handled_at is null`),
    index('bot_updates_age').on(table.receivedAt),
    ...tenantPolicies('bot_updates', table.organizationId),
  ],
);
