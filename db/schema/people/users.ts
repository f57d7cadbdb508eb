import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, timestamp, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { organizations } from './organizations.ts';

export const userRoles = ['owner', 'admin', 'member', 'viewer'] as const;
export type UserRole = (typeof userRoles)[number];

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    passwordHash: text().notNull(),
    role: text().$type<UserRole>().notNull(),
    /** The language of the app and of e-mails to this person. */
    language: text().$type<'ru' | 'en'>().notNull().default('ru'),
    /** Colours of the app; null follows the device. */
    theme: text().$type<Theme>(),
    emailConfirmedAt: timestamp({ withTimezone: true }),
    /** May use the administration of the whole platform. */
    administrator: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    uniqueIndex('users_email').on(sql`lower(${table.email})`),
    unique('users_owner').on(table.id, table.organizationId),
    index('users_organization').on(table.organizationId),
    ...tenantPolicies('users', table.organizationId),
    everyRow('users', identityRole),
  ],
);
