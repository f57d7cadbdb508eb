import { sql } from 'drizzle-orm';
import { bigint, boolean, index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';

/**
 * credited → refunding → refunded. `mismatch`: money came that is not what an order asked for, so nothing was credited and it is to be
 * paid back; → refunding → refunded as well.
 */
export const telegramPaymentStates = ['credited', 'mismatch', 'refunding', 'refunded'] as const;
export type TelegramPaymentState = (typeof telegramPaymentStates)[number];

/** Money that a bot got in Telegram: one row for each charge, however often it is reported. Kept as bookkeeping. */
export const telegramPayments = pgTable(
  'telegram_payments',
  {
    botId: uuid().notNull(),
    /** Telegram's `telegram_payment_charge_id`. */
    chargeId: text().notNull(),
    organizationId: uuid().notNull(),
    walletId: uuid(),
    orderId: uuid(),
    /** Who paid, whom it is paid back to; NULL once that person is forgotten. */
    telegramId: text(),
    currency: text().notNull(),
    /** Whole Stars where the currency is `XTR`. */
    amount: bigint({ mode: 'number' }).notNull(),
    state: text().$type<TelegramPaymentState>().notNull(),
    /** Why nothing was credited, for an operator. */
    mismatch: text(),
    /** What was credited. */
    unit: text(),
    units: bigint({ mode: 'number' }),
    isRecurring: boolean().notNull().default(false),
    /** Whether it was found in Telegram's list, because no update had told of it. */
    isReconciled: boolean().notNull().default(false),
    paidAt: timestamp({ withTimezone: true }).notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
    refundedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.chargeId] }),
    index('telegram_payments_organization').on(table.organizationId, table.paidAt),
    index('telegram_payments_wallet').on(table.walletId),
    ...tenantPolicies('telegram_payments', table.organizationId),
  ],
);
