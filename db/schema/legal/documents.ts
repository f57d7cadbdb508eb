import { sql } from 'drizzle-orm';
import {
  bigint,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

/** queued → processing → ready | failed; failed → queued by a retry; ready → replaced when a newer version is ready. */
export const documentStatuses = ['queued', 'processing', 'ready', 'failed', 'replaced'] as const;
export type DocumentStatus = (typeof documentStatuses)[number];

/** What a document is, by the words it begins with. */
export const documentTypes = ['statute', 'contract', 'court', 'policy', 'letter', 'other'] as const;
export type DocumentType = (typeof documentTypes)[number];

/** A notice of the reader, see `modules/legal/reading/contract.ts`. */
export interface StoredNotice {
  kind: string;
  page: number | null;
  detail?: string;
}

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
    /** When its file was first looked for and not found. */
    fileMissingAt: timestamp({ withTimezone: true, precision: 3 }),
    status: text().$type<DocumentStatus>().notNull().default('queued'),
    pagesDone: integer().notNull().default(0),
    /** 0 while it is not known. */
    pagesTotal: integer().notNull().default(0),
    /** Why it failed: a code of the parser's or the worker's. */
    failure: text(),
    language: text(),
    /** What of the file its text lacks. */
    notices: jsonb().$type<StoredNotice[]>().notNull().default([]),
    /** How many more there were. */
    noticesOmitted: integer().notNull().default(0),
    type: text().$type<DocumentType>(),
    /** The day that the document itself bears. */
    dated: date(),
    /** Its title and first words in at most 150 characters; what it is found by, never shown or quoted. */
    description: text(),
    /** Counts from 1. */
    version: integer().notNull().default(1),
    /** The document that this one replaces once it is ready. No foreign key: its check would tell of foreign ids. */
    replaces: uuid(),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    index('documents_organization').on(table.organizationId, table.createdAt.desc(), table.id),
    unique('documents_owner').on(table.id, table.organizationId),
    // A version that was replaced may come back as a newer one.
    uniqueIndex('documents_content').on(table.organizationId, table.sha256).where(sql`status <> 'replaced'`),
    index('documents_file_missing').on(table.id).where(sql`file_missing_at is not null`),
    index('documents_replaced_age').on(table.updatedAt).where(sql`status = 'replaced'`),
    index('documents_replaces').on(table.replaces).where(sql`replaces is not null`),
    ...tenantPolicies('documents', table.organizationId),
  ],
);
