import { integer, pgTable, primaryKey, real, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { documents } from './documents.ts';

/** The words of a recognized page, see `RecognizedPage` in `modules/legal/reading/contract.ts`. */
export interface StoredWords {
  page: number;
  width: number;
  height: number;
  words: number[];
}

/** Where the words of a page stand that was recognized from its picture: what marks a quote on a scan. */
export const recognizedPages = pgTable(
  'recognized_pages',
  {
    documentId: uuid().notNull(),
    organizationId: uuid().notNull(),
    /** From 1. */
    page: integer().notNull(),
    /** Of the page as it is displayed, in points. */
    width: real().notNull(),
    height: real().notNull(),
    /** Six numbers a word: start and end in the document's text; left, top, width and height in tenths of a point. */
    words: integer().array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.documentId, table.page] }),
    sameOrganization('recognized_pages_document', [table.documentId, table.organizationId], documents),
    ...tenantPolicies('recognized_pages', table.organizationId),
  ],
);
