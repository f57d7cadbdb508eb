import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { images } from './images.ts';

/** Callbacks of providers that were heard, so that one that is delivered twice does nothing twice. */
export const imageCallbacks = pgTable(
  'image_callbacks',
  {
    imageId: uuid().notNull(),
    organizationId: uuid().notNull(),
    provider: text().notNull(),
    /** The same for each delivery of one callback. */
    deliveryKey: text().notNull(),
    receivedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.provider, table.deliveryKey] }),
    sameOrganization('image_callbacks_image', [table.imageId, table.organizationId], images),
    index('image_callbacks_image_id').on(table.imageId),
    ...tenantPolicies('image_callbacks', table.organizationId),
  ],
);
