import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { images } from '../pictures/images.ts';
import { botUsers } from './bot-users.ts';

const moment = () => timestamp({ withTimezone: true, precision: 3 });

/** Generations that people of bots wait for, and what they were told of them. */
export const followedImages = pgTable(
  'followed_images',
  {
    imageId: uuid().primaryKey(),
    organizationId: uuid().notNull(),
    botId: uuid().notNull(),
    botUserId: uuid().notNull(),
    chatId: text().notNull(),
    /** Under which its messages are stored. */
    occasion: text().notNull(),
    /** Times that its message was changed; names the next change. */
    step: integer().notNull().default(0),
    /** Status and text that were told last. */
    status: text().notNull(),
    said: text().notNull(),
    saidAt: moment().notNull().default(sql`now()`),
    /** The pictures were sent. */
    deliveredAt: moment(),
  },
  (table) => [
    index('followed_images_user').on(table.botUserId),
    sameOrganization('followed_images_image', [table.imageId, table.organizationId], images),
    sameOrganization('followed_images_owner', [table.botUserId, table.organizationId], botUsers),
    ...tenantPolicies('followed_images', table.organizationId),
  ],
);
