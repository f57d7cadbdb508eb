import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, isNotNull } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { invoices } from '../../../db/schema/commerce/invoices.ts';
import { paymentStates, payments } from '../../../db/schema/commerce/payments.ts';
import { paymentProviders } from '../../../modules/commerce/billing/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { paymentSchema, toPayment } from '../payment.ts';
import { recordRead } from '../record-read.ts';

const route = createRoute({
  method: 'get',
  path: '/api/admin/payments',
  operationId: 'listPayments',
  tags: ['administration'],
  summary: 'Payments of all organizations, newest first',
  description: 'Use `state=pending&provider=bank` to list the transfers awaited.',
  security: bearer,
  request: {
    query: pageQuery.extend({
      state: z.enum(paymentStates).optional(),
      provider: z.enum(paymentProviders).optional(),
      mismatch: z.literal('true').optional().openapi({ description: 'Only those that contradict their provider' }),
      invoice: z.string().max(20).optional().openapi({ description: 'Number of an invoice' }),
    }),
  },
  responses: {
    200: json(z.strictObject({ items: z.array(paymentSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const { order, after } = newestFirst(payments.createdAt, payments.id);

export function listPayments(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, state, provider, mismatch, invoice } = c.req.valid('query');
    const rows = await database.transaction(async (tx) => {
      await recordRead(tx, c.var.caller, 'list-payments', { state, provider, mismatch, invoice });
      return tx
        .select({ payment: payments, invoice: invoices })
        .from(payments)
        .innerJoin(invoices, eq(invoices.id, payments.invoiceId))
        .where(
          and(
            state && eq(payments.state, state),
            provider && eq(payments.provider, provider),
            mismatch && isNotNull(payments.mismatch),
            invoice === undefined ? undefined : eq(invoices.number, invoice),
            after(readCursor(cursor)),
          ),
        )
        .orderBy(...order)
        .limit(limit + 1);
    });
    const items = rows.slice(0, limit).map((row) => toPayment(row.payment, row.invoice));
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
