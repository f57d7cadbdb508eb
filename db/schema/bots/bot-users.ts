import { sql } from 'drizzle-orm';
import { bigint, boolean, index, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { bots } from './bots.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3 });

/** People in private chats with bots. The id is made from bot and person, so that somebody who was erased and comes back has the same wallet. */
export const botUsers = pgTable(
  'bot_users',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    botId: uuid().notNull(),
    telegramId: text().notNull(),
    chatId: text().notNull(),
    language: text().$type<'ru' | 'en'>().notNull(),
    /** From then on Telegram's language is not asked any more. */
    languageChosen: boolean().notNull().default(false),
    walletId: uuid().notNull(),
    /** Names the settings of the bot that the wallet was opened with last. */
    walletTerms: text().notNull().default(''),
    adultAt: moment(),
    /** What skills remember, by their names. */
    state: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    lastSkill: text(),
    blockedAt: moment(),
    /** In the person's own invitations; says nothing about the person. */
    referralCode: text().notNull(),
    referredBy: uuid(),
    /** The update by which the person came. */
    firstUpdateId: bigint({ mode: 'number' }),
    createdAt: moment().notNull().default(sql`now()`),
    seenAt: moment().notNull().default(sql`now()`),
  },
  (table) => [
    unique('bot_users_owner').on(table.id, table.organizationId),
    unique('bot_users_telegram').on(table.botId, table.telegramId),
    unique('bot_users_referral').on(table.botId, table.referralCode),
    sameOrganization('bot_users_bot', [table.botId, table.organizationId], bots),
    index('bot_users_pages').on(table.botId, table.createdAt.desc(), table.id),
    ...tenantPolicies('bot_users', table.organizationId),
  ],
);
