import { sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { conversations } from './conversations.ts';

/** A quoted place: `quote` is the document's text from `start` to `end`. */
export interface StoredCitation {
  documentId: string;
  title: string;
  /** Page on which the quote starts, from 1; null without pages. */
  page: number | null;
  start: number;
  end: number;
  quote: string;
}

export const messages = pgTable(
  'messages',
  {
    id: uuid().primaryKey().defaultRandom(),
    conversationId: uuid().notNull(),
    organizationId: uuid().notNull(),
    role: text().$type<'user' | 'assistant'>().notNull(),
    content: text().notNull(),
    /** Only on answers. */
    answered: boolean(),
    /** Whether the answer was stopped before its end. */
    incomplete: boolean().notNull().default(false),
    citations: jsonb().$type<StoredCitation[]>().notNull().default([]),
    model: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    sameOrganization('messages_conversation_owner', [table.conversationId, table.organizationId], conversations),
    index('messages_conversation').on(table.conversationId, table.createdAt),
    ...tenantPolicies('messages', table.organizationId),
  ],
);
