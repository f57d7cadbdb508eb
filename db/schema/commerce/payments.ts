import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { invoices } from './invoices.ts';

/** pending → succeeded | cancelled | surplus: money that came for an invoice that was closed before, and is to be paid back */
export const paymentStates = ['pending', 'succeeded', 'cancelled', 'surplus'] as const;
export type PaymentState = (typeof paymentStates)[number];

/** One attempt to pay an invoice by a provider. */
export const payments = pgTable(
  'payments',
  {
    /** Also the idempotence key towards the provider. */
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    invoiceId: uuid().notNull(),
    provider: text().notNull(),
    /** The provider's own id; NULL until it answered. */
    providerPaymentId: text(),
    state: text().$type<PaymentState>().notNull().default('pending'),
    /** Kopecks. */
    amount: bigint({ mode: 'number' }).notNull(),
    currency: text().notNull().default('RUB'),
    /** Where the payer continues. */
    confirmationUrl: text(),
    /** The administrator who saw the money arrive, for a transfer. */
    confirmedBy: text(),
    /** Since when the provider has not known it any more; it is asked about only when somebody wants to pay again. */
    unknownSince: timestamp({ withTimezone: true }),
    /** Why an operator has to look at it: what its provider says is about another amount, invoice or payment. NULL while it fits. */
    mismatch: text(),
    /** When that was seen last; it is asked about again a day later. */
    mismatchAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
    closedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    check('payments_amount', sql`${table.amount} > 0`),
    unique('payments_provider').on(table.provider, table.providerPaymentId),
    foreignKey({
      name: 'payments_invoice_owner',
      columns: [table.invoiceId, table.organizationId],
      foreignColumns: [invoices.id, invoices.organizationId],
    }),
    index('payments_invoice').on(table.invoiceId),
    ...tenantPolicies('payments', table.organizationId),
  ],
);
