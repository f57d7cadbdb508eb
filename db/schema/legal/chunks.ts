import { index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { documents } from './documents.ts';

/** Stretches of a document's text; those of one generation, in order of `ordinal`, join to the whole. */
export const chunks = pgTable(
  'chunks',
  {
    id: uuid().primaryKey().defaultRandom(),
    documentId: uuid().notNull(),
    organizationId: uuid().notNull(),
    /** The index generation they were cut for, see `index-generations.ts`. */
    generation: integer().notNull().default(1),
    ordinal: integer().notNull(),
    start: integer().notNull(),
    end: integer().notNull(),
    /** The article or clause that it is part of, which is what a search returns. */
    unitStart: integer().notNull(),
    unitEnd: integer().notNull(),
    page: integer(),
    headingPath: text().array().notNull(),
    content: text().notNull(),
  },
  (table) => [
    sameOrganization('chunks_document', [table.documentId, table.organizationId], documents),
    uniqueIndex('chunks_order').on(table.documentId, table.generation, table.ordinal),
    index('chunks_unit').on(table.documentId, table.generation, table.unitStart),
    index('chunks_organization').on(table.organizationId),
    ...tenantPolicies('chunks', table.organizationId),
  ],
);
