import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from './access.ts';
import { documents } from './documents.ts';

/** Stretches of a document's text; in order of `ordinal` they join to the whole. */
export const chunks = pgTable(
  'chunks',
  {
    id: uuid().primaryKey().defaultRandom(),
    documentId: uuid().notNull(),
    organizationId: uuid().notNull(),
    ordinal: integer().notNull(),
    start: integer().notNull(),
    end: integer().notNull(),
    page: integer(),
    headingPath: text().array().notNull(),
    content: text().notNull(),
  },
  (table) => [
    sameOrganization('chunks_document', [table.documentId, table.organizationId], documents),
    uniqueIndex('chunks_order').on(table.documentId, table.ordinal),
    index('chunks_organization').on(table.organizationId),
    ...tenantPolicies('chunks', table.organizationId),
  ],
);
