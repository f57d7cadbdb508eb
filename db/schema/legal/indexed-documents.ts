import { integer, pgTable, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { documents } from './documents.ts';
import { indexGenerations } from './index-generations.ts';

/** How far a document has got in an index generation; all its chunks are in the vector store when `done` is `total`. */
export const indexedDocuments = pgTable(
  'indexed_documents',
  {
    generation: integer()
      .notNull()
      .references(() => indexGenerations.generation, { onDelete: 'cascade' }),
    documentId: uuid().notNull(),
    organizationId: uuid().notNull(),
    done: integer().notNull().default(0),
    total: integer().notNull(),
    updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.generation, table.documentId] }),
    sameOrganization('indexed_documents_document', [table.documentId, table.organizationId], documents),
    ...tenantPolicies('indexed_documents', table.organizationId),
  ],
);
