import { sql } from 'drizzle-orm';
import {
  bigint,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/**
 * reserved → started → settled | released | expired; expired → settled by work that ends late. `started` from the first call of a
 * provider: from then on an end without a word is charged with what was reserved.
 */
export const reservationStates = ['reserved', 'started', 'settled', 'released', 'expired'] as const;
export type ReservationState = (typeof reservationStates)[number];

/** What a request holds of the window of a budget that begins on a day; roubles are exact text. */
export interface BudgetHold {
  budget: string;
  start: string;
  cost: string;
  tokens: number;
}

/** One row for each admitted request: what it took from the limits, and in which periods. */
export const usageReservations = pgTable(
  'usage_reservations',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The same for all attempts at one request. */
    requestId: uuid().notNull(),
    userId: uuid(),
    /** The wallet that pays next to the organization. */
    walletId: uuid(),
    /** Under which name `usage_logs` and its sums have it. */
    action: text().notNull().default('ai_query'),
    state: text().$type<ReservationState>().notNull().default('reserved'),
    /** What it holds, by unit; once settled, what was charged. The default is what a row of the release before holds. */
    amounts: jsonb().$type<Record<string, number>>().notNull().default({ question: 1 }),
    /** How much of that was taken from the organization's credits; NULL in a row of the release before, see `source`. */
    credits: jsonb().$type<Record<string, number>>(),
    walletCredits: jsonb().$type<Record<string, number>>().notNull().default({}),
    /** Whether any of the organization's credits were taken. */
    source: text().$type<'plan' | 'credit'>().notNull(),
    /** UTC periods of the admission; it is charged and given back there, whenever it ends. */
    day: date().notNull(),
    month: date().notNull(),
    /** Periods of the admission in the wallet's time zone; NULL without a wallet, and in a row of the release before. */
    walletDay: date(),
    walletMonth: date(),
    minute: timestamp({ withTimezone: true }).notNull(),
    /** Of a request that calls a model, as is `model`. */
    channel: text().$type<'external' | 'internal'>(),
    tokens: bigint({ mode: 'number' }).notNull(),
    /** Of them, those of the answer; 0 in a row of the release before, which counts all as those of the prompt. */
    completionTokens: bigint({ mode: 'number' }).notNull().default(0),
    model: text(),
    /** Roubles that the reserved tokens would cost. */
    cost: numeric({ precision: 20, scale: 8 }).notNull(),
    attempts: integer().notNull().default(0),
    /** Of a call of the gateway: its route, and the API key that asked. */
    route: text(),
    keyId: uuid(),
    /** What it holds of budgets. */
    holds: jsonb().$type<BudgetHold[]>(),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.requestId] }),
    // Of open ones alone, so few that the sweep reads all of it; a second index by time would be taken for the wrong question.
    index('usage_reservations_open')
      .on(table.organizationId, table.expiresAt)
      .where(sql`${table.state} in ('reserved', 'started')`),
    index('usage_reservations_age').on(table.createdAt),
    ...tenantPolicies('usage_reservations', table.organizationId),
  ],
);
