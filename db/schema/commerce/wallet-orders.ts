import { sql } from 'drizzle-orm';
import { bigint, boolean, check, index, integer, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';

/** open → paid: by the first payment. Money that comes for a paid one counts all the same. */
export type OrderState = 'open' | 'paid';

/** What Telegram last said of a subscription; only payments move its end. */
export const renewalStates = ['active', 'canceled', 'failed'] as const;
export type RenewalState = (typeof renewalStates)[number];

/**
 * What a user of a bot wanted to buy, at the price of then. Its id is the payload of the invoice in Telegram. Bookkeeping outlives the
 * bot, the wallet and the organization, hence no references.
 */
export const walletOrders = pgTable(
  'wallet_orders',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid().notNull(),
    botId: uuid().notNull(),
    walletId: uuid().notNull(),
    /** The same for all presses of one button. */
    attempt: text().notNull(),
    state: text().$type<OrderState>().notNull().default('open'),
    unit: text().notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
    stars: integer().notNull(),
    /** Kopecks; NULL where Stars alone are taken. */
    price: bigint({ mode: 'number' }),
    monthly: boolean().notNull().default(false),
    /** Of a monthly one that was paid. */
    renewal: text().$type<RenewalState>(),
    /** Until when what was paid last can be used, a day of grace among it. */
    paidUntil: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
    paidAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    unique('wallet_orders_attempt').on(table.walletId, table.attempt),
    check('wallet_orders_amounts', sql`${table.amount} > 0 and ${table.stars} > 0 and coalesce(${table.price}, 1) > 0`),
    index('wallet_orders_organization').on(table.organizationId, table.walletId, table.createdAt),
    ...tenantPolicies('wallet_orders', table.organizationId),
  ],
);
