import { bigint, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import type { LimitPeriod } from './plan-limits.ts';

/** What one owner may use: an organization in place of its plan's limit, or a wallet. */
export const ownerLimits = pgTable(
  'owner_limits',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The organization's own id, or that of one of its wallets. */
    ownerId: uuid().notNull(),
    unit: text().notNull(),
    period: text().$type<LimitPeriod>().notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    /** When it ends; NULL for never. */
    until: timestamp({ withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.ownerId, table.unit, table.period] }),
    ...tenantPolicies('owner_limits', table.organizationId),
    everyRow('owner_limits', identityRole),
  ],
);
