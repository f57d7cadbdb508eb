import { z } from '@hono/zod-openapi';
import { invoiceStates } from '../../db/schema/commerce/invoices.ts';
import { paymentStates } from '../../db/schema/commerce/payments.ts';
import { type Buyer, subscriptionStates } from '../../db/schema/commerce/subscriptions.ts';
import type { Invoice, Payment, Subscription } from '../../modules/commerce/billing/index.ts';
import { paymentProviders } from '../../modules/commerce/billing/index.ts';
import { words } from '../../platform/runtime/http/operation.ts';

/** What the operations of billing show and take. Amounts are whole kopecks. */

const kopecks = () => z.int().openapi({ description: 'Kopecks', example: 500_000 });
const time = () => z.iso.datetime();

export const buyerSchema = z
  .strictObject({
    name: words(300),
    inn: z
      .string()
      .regex(/^(\d{10}|\d{12})$/)
      .optional()
      .openapi({ description: 'Taxpayer number: 10 digits for a company, 12 for a person' }),
    kpp: z
      .string()
      .regex(/^\d{9}$/)
      .optional(),
    address: words(500).optional(),
  })
  .openapi('Buyer');

export const providerSchema = z.enum(paymentProviders).default('bank').openapi({
  description: 'Payment method: a transfer to the account on the invoice, or YooKassa',
});

export const subscriptionSchema = z
  .strictObject({
    state: z.enum(subscriptionStates),
    tier: z.string(),
    nextTier: z.string().nullable().openapi({ description: 'Plan of the next period, if it differs' }),
    periodStart: time(),
    periodEnd: time(),
    trialUsed: z.boolean(),
    buyer: buyerSchema.nullable(),
  })
  .openapi('Subscription');

export const invoiceSchema = z
  .strictObject({
    id: z.uuid(),
    number: z.string().openapi({ example: '2026-000017' }),
    state: z.enum(invoiceStates),
    purpose: z.enum(['period', 'upgrade', 'top-up', 'order']),
    buyer: buyerSchema,
    lines: z.array(
      z.strictObject({
        text: z.string(),
        textEn: z.string().optional(),
        quantity: z.int(),
        price: kopecks(),
        amount: kopecks(),
      }),
    ),
    total: kopecks(),
    currency: z.literal('RUB'),
    issuedAt: time(),
    dueAt: time(),
    closedAt: time().nullable(),
  })
  .openapi('Invoice');

export const paymentSchema = z
  .strictObject({
    id: z.uuid(),
    provider: z.enum(paymentProviders),
    state: z.enum(paymentStates),
    amount: kopecks(),
    currency: z.literal('RUB'),
    confirmationUrl: z.string().nullable().openapi({ description: 'Page where the payer completes the payment' }),
  })
  .openapi('Payment');

export const toSubscription = (row: Subscription): z.output<typeof subscriptionSchema> => ({
  state: row.state,
  tier: row.tier,
  nextTier: row.nextTier,
  periodStart: row.periodStart.toISOString(),
  periodEnd: row.periodEnd.toISOString(),
  trialUsed: row.trialUsed,
  buyer: row.buyer && toBuyer(row.buyer),
});

const toBuyer = ({ name, inn, kpp, address }: Buyer) => ({ name, inn, kpp, address });

export const toInvoice = (row: Invoice): z.output<typeof invoiceSchema> => ({
  id: row.id,
  number: row.number,
  state: row.state,
  purpose: row.purpose.kind,
  buyer: toBuyer(row.buyer),
  lines: row.lines,
  total: row.total,
  currency: 'RUB',
  issuedAt: row.issuedAt.toISOString(),
  dueAt: row.dueAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
});

export const toPayment = (row: Payment): z.output<typeof paymentSchema> => ({
  id: row.id,
  provider: row.provider as z.output<typeof paymentSchema>['provider'],
  state: row.state,
  amount: row.amount,
  currency: 'RUB',
  confirmationUrl: row.confirmationUrl,
});
