import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';

/**
 * Why the units of a wallet changed. `use` and `return`: a request took them, or gave them back; `expiry`: they were not used in time.
 * The others happen once for each reference.
 */
export const walletReasons = ['payment', 'grant', 'refund', 'use', 'return', 'expiry'] as const;
export type WalletReason = (typeof walletReasons)[number];

/**
 * Every change of what a wallet has bought or was given, only ever added to: the amounts of a wallet and unit sum to its
 * `unit_credits`, the debts to what it owes. Bookkeeping outlives the wallet, hence no reference to it.
 */
export const walletEntries = pgTable(
  'wallet_entries',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    walletId: uuid().notNull(),
    unit: text().notNull(),
    reason: text().$type<WalletReason>().notNull(),
    /** The id of the payment or request, or what the operator named. */
    reference: text().notNull(),
    /** Counts those of one request, which may take units and give them back more than once; 1 for the other reasons. */
    nth: integer().notNull().default(1),
    amount: bigint({ mode: 'number' }).notNull(),
    /** Change of what it owes: units of a refund that were used already. What is credited pays it first. */
    debt: bigint({ mode: 'number' }).notNull().default(0),
    /** Who gave them, of a grant. */
    actor: text(),
    /** Not of the transaction, so that entries of one have an order. */
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    unique('wallet_entries_once').on(table.walletId, table.unit, table.reason, table.reference, table.nth),
    check('wallet_entries_change', sql`${table.amount} <> 0 or ${table.debt} <> 0`),
    index('wallet_entries_wallet').on(table.organizationId, table.walletId, table.createdAt),
    index('wallet_entries_debt').on(table.walletId, table.unit).where(sql`${table.debt} <> 0`),
    ...tenantPolicies('wallet_entries', table.organizationId),
  ],
);
