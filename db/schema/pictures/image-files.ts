import { bigint, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { images } from './images.ts';

/** Stored variants of the pictures of a generation, written in the transaction that makes it `done`. */
export const imageFiles = pgTable(
  'image_files',
  {
    imageId: uuid().notNull(),
    organizationId: uuid().notNull(),
    /** Of the picture, from 0. */
    index: integer().notNull(),
    variant: text().$type<'thumb' | 'display' | 'original'>().notNull(),
    storageKey: text().notNull().unique(),
    type: text().$type<'image/png' | 'image/webp' | 'image/jpeg'>().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    width: integer().notNull(),
    height: integer().notNull(),
    sha256: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.imageId, table.index, table.variant] }),
    sameOrganization('image_files_image', [table.imageId, table.organizationId], images),
    ...tenantPolicies('image_files', table.organizationId),
  ],
);
