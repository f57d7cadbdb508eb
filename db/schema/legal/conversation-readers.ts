import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { users } from '../people/users.ts';
import { conversations } from './conversations.ts';

/**
 * Members who may read a conversation that is not shared with the whole organization. Kept apart from `conversations.shared_at`, so that
 * the removal of the last of them, or code that does not know this table, leaves it to its owner alone.
 */
export const conversationReaders = pgTable(
  'conversation_readers',
  {
    conversationId: uuid().notNull(),
    organizationId: uuid().notNull(),
    userId: uuid().notNull(),
    sharedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.userId] }),
    sameOrganization('conversation_readers_conversation', [table.conversationId, table.organizationId], conversations),
    sameOrganization('conversation_readers_user', [table.userId, table.organizationId], users),
    index('conversation_readers_member').on(table.userId),
    ...tenantPolicies('conversation_readers', table.organizationId),
  ],
);
