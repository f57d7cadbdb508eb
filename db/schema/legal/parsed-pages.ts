import { integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { documents, type StoredNotice } from './documents.ts';
import type { StoredWords } from './recognized-pages.ts';

/** Pages read so far of a document that is being read, so that a killed worker's successor continues after them. */
export const parsedPages = pgTable(
  'parsed_pages',
  {
    documentId: uuid().notNull(),
    organizationId: uuid().notNull(),
    /** Number of the first of these pages, from 1. */
    first: integer().notNull(),
    pages: text().array().notNull(),
    notices: jsonb().$type<StoredNotice[]>().notNull().default([]),
    /** Where the words of those stand that were recognized, counted in each page's own text. */
    recognized: jsonb().$type<StoredWords[]>().notNull().default([]),
    /** What they were read by; pages of another version are void. */
    parser: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.first] }),
    sameOrganization('parsed_pages_document', [table.documentId, table.organizationId], documents),
    ...tenantPolicies('parsed_pages', table.organizationId),
  ],
);
