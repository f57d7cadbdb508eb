import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { everyRow, platformRole, tenantPolicies, tenantRole } from '../access.ts';
import type { Buyer } from './subscriptions.ts';

/** open → paid | void */
export const invoiceStates = ['open', 'paid', 'void'] as const;
export type InvoiceState = (typeof invoiceStates)[number];

export interface InvoiceLine {
  /** As it stands on the document, which is Russian. */
  text: string;
  /** Missing in lines of plans, and in those that were issued before units could be bought. */
  textEn?: string;
  quantity: number;
  /** Kopecks for one. */
  price: number;
  /** Kopecks. */
  amount: number;
}

/** What an invoice is for, and so what happens when it is paid. Times are ISO 8601. */
export type InvoicePurpose =
  /** A month that follows the present period; without a start, one that begins when it is paid. */
  | { kind: 'period'; tier: string; periodStart: string | null }
  /** A higher plan until `periodEnd`. */
  | { kind: 'upgrade'; tier: string; periodEnd: string }
  /** `questions` in place of unit and amount in those of the releases before, and next to them as long as their processes may read it. */
  | { kind: 'top-up'; unit?: string; amount?: number; questions?: number }
  /** What a user of a bot ordered. */
  | { kind: 'order'; orderId: string; walletId: string; unit: string; amount: number };

/** Purposes that change nothing of the subscription. */
export type UnitPurpose = Extract<InvoicePurpose, { kind: 'top-up' | 'order' }>;

/**
 * Nothing of an invoice but its state ever changes, which a trigger enforces. Bookkeeping outlives the organization, hence no
 * reference to it.
 */
export const invoices = pgTable(
  'invoices',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    /** `2026-000017`; without gaps within a year. */
    number: text().notNull().unique(),
    /** What it was issued for, so that doing it twice gives one invoice. */
    reference: text().notNull(),
    state: text().$type<InvoiceState>().notNull().default('open'),
    purpose: jsonb().$type<InvoicePurpose>().notNull(),
    buyer: jsonb().$type<Buyer>().notNull(),
    lines: jsonb().$type<InvoiceLine[]>().notNull(),
    /** Kopecks. */
    total: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull().default('RUB'),
    issuedAt: timestamp({ withTimezone: true }).notNull(),
    dueAt: timestamp({ withTimezone: true }).notNull(),
    closedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    check('invoices_total', sql`${table.total} > 0`),
    check('invoices_currency', sql`${table.currency} = 'RUB'`),
    check('invoices_closed', sql`(${table.state} = 'open') = (${table.closedAt} is null)`),
    unique('invoices_reference').on(table.organizationId, table.reference),
    unique('invoices_owner').on(table.id, table.organizationId),
    index('invoices_organization').on(table.organizationId, table.issuedAt.desc(), table.id),
    ...tenantPolicies('invoices', table.organizationId),
  ],
);

/** The last number given in a year. */
export const invoiceNumbers = pgTable(
  'invoice_numbers',
  { year: integer().primaryKey(), last: integer().notNull() },
  () => [everyRow('invoice_numbers', tenantRole), everyRow('invoice_numbers', platformRole)],
);
