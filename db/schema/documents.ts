import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text, timestamp, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from './access.ts';
import { organizations } from './organizations.ts';
import { users } from './users.ts';

/** queued → processing → ready | failed; failed → queued by a retry. */
export const documentStatuses = ['queued', 'processing', 'ready', 'failed'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

export const documents = pgTable(
  'documents',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    title: text().notNull(),
    fileName: text().notNull(),
    format: text().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    sha256: text().notNull(),
    storageKey: text().notNull().unique(),
    status: text().$type<DocumentStatus>().notNull().default('queued'),
    pagesDone: integer().notNull().default(0),
    /** 0 while it is not known. */
    pagesTotal: integer().notNull().default(0),
    /** Why it failed: a code of the parser's or the worker's. */
    failure: text(),
    language: text(),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    index('documents_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    unique('documents_owner').on(table.id, table.organizationId),
    uniqueIndex('documents_content').on(table.organizationId, table.sha256),
    ...tenantPolicies('documents', table.organizationId),
  ],
);
