import { sql } from 'drizzle-orm';
import { boolean, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, sameOrganization, tenantPolicies } from '../access.ts';
import { users } from './users.ts';

/** Who a person is in a messenger: there a bot speaks for the account, with its rights, until the link or the account ends. */
export const linkedIdentities = pgTable(
  'linked_identities',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    userId: uuid().notNull(),
    /** The bot that the person wrote to. */
    botId: uuid().notNull(),
    /** The person's id in the messenger, and the chat with the bot. */
    subject: text().notNull(),
    chatId: text().notNull(),
    /** Whether letters are sent there as well. */
    letters: boolean().notNull().default(true),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    sameOrganization('linked_identities_user', [table.userId, table.organizationId], users),
    unique('linked_identities_subject').on(table.botId, table.subject),
    unique('linked_identities_person').on(table.userId, table.botId),
    ...tenantPolicies('linked_identities', table.organizationId),
    everyRow('linked_identities', identityRole),
  ],
);
