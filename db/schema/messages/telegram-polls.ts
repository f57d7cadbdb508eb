import { bigint, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Why a bot's updates are not received: a webhook is set, another program polls, or its token is void. */
export type PollProblem = 'webhook-set' | 'other-poller' | 'unauthorized';

/** Bots whose updates are polled. */
export const telegramPolls = pgTable(
  'telegram_polls',
  {
    botId: uuid().primaryKey(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Written in the transaction that stores the updates before it. Missing until the first was received. */
    nextUpdateId: bigint({ mode: 'number' }),
    problem: text().$type<PollProblem>(),
    /** When Telegram last answered. */
    polledAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [
    index('telegram_polls_organization').on(table.organizationId),
    ...tenantPolicies('telegram_polls', table.organizationId),
  ],
);
