import { z } from '@hono/zod-openapi';
import { paymentStates } from '../../db/schema/commerce/payments.ts';
import { type Invoice, type Payment, paymentProviders } from '../../modules/commerce/billing/index.ts';

const kopecks = z.int().openapi({ description: 'Kopecks' });

export const paymentSchema = z
  .strictObject({
    id: z.uuid(),
    organizationId: z.uuid(),
    invoice: z.strictObject({ id: z.uuid(), number: z.string(), buyer: z.string() }),
    provider: z.enum(paymentProviders),
    state: z.enum(paymentStates),
    amount: kopecks,
    currency: z.literal('RUB'),
    mismatch: z.string().nullable().openapi({
      description: 'What its provider says that contradicts it: nothing was booked, and an operator has to look',
    }),
    createdAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
  })
  .openapi('AdministeredPayment');

export const toPayment = (row: Payment, { id, number, buyer }: Invoice): z.output<typeof paymentSchema> => ({
  id: row.id,
  organizationId: row.organizationId,
  invoice: { id, number, buyer: buyer.name },
  provider: row.provider as (typeof paymentProviders)[number],
  state: row.state,
  amount: row.amount,
  currency: 'RUB',
  mismatch: row.mismatch,
  createdAt: row.createdAt.toISOString(),
  closedAt: row.closedAt?.toISOString() ?? null,
});
