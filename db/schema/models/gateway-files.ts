import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

/** `batch`: requests that a caller sent; `batch_output`: what became of them; `report`: made by the platform. */
export const filePurposes = ['batch', 'batch_output', 'report'] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** Files of `/v1/files`. */
export const gatewayFiles = pgTable(
  'gateway_files',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid().references(() => users.id, { onDelete: 'set null' }),
    purpose: text().$type<FilePurpose>().notNull(),
    fileName: text().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    storageKey: text().notNull().unique(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    expiresAt: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    index('gateway_files_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    index('gateway_files_expiry').on(table.expiresAt),
    ...tenantPolicies('gateway_files', table.organizationId),
  ],
);
