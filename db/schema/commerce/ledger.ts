import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';

/**
 * Accounts of the double-entry ledger: assets grow by positive amounts, revenue and debts by negative ones. `surplus` is what
 * customers paid for closed invoices and get back. Those of Stars are in whole Stars and the others in kopecks: no transaction has both,
 * and no sum may.
 */
export const ledgerAccounts = [
  ...['receivable', 'bank', 'yookassa', 'surplus', 'subscriptions', 'top-ups'],
  ...['stars', 'stars-sales', 'stars-surplus'],
] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

/** One thing that happened to money. `kind` and `reference` together happen once. */
export const ledgerTransactions = pgTable(
  'ledger_transactions',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    kind: text().$type<'invoice' | 'payment' | 'void' | 'stars' | 'stars-refund'>().notNull(),
    /** The id of the invoice or the payment; of Stars, those of the bot and the charge. */
    reference: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    unique('ledger_transactions_reference').on(table.kind, table.reference),
    unique('ledger_transactions_owner').on(table.id, table.organizationId),
    index('ledger_transactions_organization').on(table.organizationId, table.at),
    ...tenantPolicies('ledger_transactions', table.organizationId),
  ],
);

/** Entries are only added; those of one transaction sum to zero, which a constraint checks when it commits. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    transactionId: uuid().notNull(),
    position: integer().notNull(),
    organizationId: uuid().notNull(),
    account: text().$type<LedgerAccount>().notNull(),
    /** Kopecks, or Stars in their accounts; never zero. */
    amount: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.transactionId, table.position] }),
    check('ledger_entries_amount', sql`${table.amount} <> 0`),
    foreignKey({
      name: 'ledger_entries_transaction_owner',
      columns: [table.transactionId, table.organizationId],
      foreignColumns: [ledgerTransactions.id, ledgerTransactions.organizationId],
    }),
    index('ledger_entries_organization').on(table.organizationId, table.account),
    ...tenantPolicies('ledger_entries', table.organizationId),
  ],
);
