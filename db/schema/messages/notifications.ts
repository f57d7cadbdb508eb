import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

export const notificationKinds = [
  'confirm-email',
  'reset-password',
  'access-ended',
  'invitation',
  'limit-near',
  'limit-reached',
  'budget-spent',
  'invoice',
  'payment',
  'subscription',
  'document-failed',
  'bot-refused',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** queued → sent | failed */
export const notificationStates = ['queued', 'sent', 'failed'] as const;
export type NotificationState = (typeof notificationStates)[number];

/** E-mails, written down in the transaction that gives the reason for them and sent by a worker. */
export const notifications = pgTable(
  'notifications',
  {
    /** Also in the e-mail's Message-ID. */
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    kind: text().$type<NotificationKind>().notNull(),
    /** What it is about, so that it is told once: `questions/day/2026-03-01/80`. */
    reference: text().notNull(),
    email: text().notNull(),
    language: text().$type<'ru' | 'en'>().notNull(),
    /** What the template's places are filled with; emptied when it was sent, since it may hold a token. */
    parameters: jsonb().$type<Record<string, string | number>>().notNull(),
    state: text().$type<NotificationState>().notNull().default('queued'),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
    closedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    unique('notifications_once').on(table.organizationId, table.kind, table.reference, table.email),
    index('notifications_age').on(table.createdAt),
    ...tenantPolicies('notifications', table.organizationId),
    everyRow('notifications', identityRole),
  ],
);
