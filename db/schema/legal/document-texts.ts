import { integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { documents } from './documents.ts';

/** The text that every span of a document counts in. */
export const documentTexts = pgTable(
  'document_texts',
  {
    documentId: uuid().primaryKey(),
    organizationId: uuid().notNull(),
    content: text().notNull(),
    /** Where each page starts in `content`; empty for formats without pages. */
    pageStarts: integer().array().notNull(),
  },
  (table) => [
    sameOrganization('document_texts_document', [table.documentId, table.organizationId], documents),
    ...tenantPolicies('document_texts', table.organizationId),
  ],
);
