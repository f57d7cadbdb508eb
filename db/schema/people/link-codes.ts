import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { users } from './users.ts';

/** Codes with which a person shows a bot which account is theirs; only their hashes. Each works once. */
export const linkCodes = pgTable(
  'link_codes',
  {
    codeHash: text().primaryKey(),
    organizationId: uuid().notNull(),
    userId: uuid().notNull(),
    botId: uuid().notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    sameOrganization('link_codes_user', [table.userId, table.organizationId], users),
    index('link_codes_expiry').on(table.expiresAt),
    ...tenantPolicies('link_codes', table.organizationId),
  ],
);
