import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { invoices } from '../../../db/schema/commerce/invoices.ts';
import { payments } from '../../../db/schema/commerce/payments.ts';
import { confirmTransfer, MOST_KOPECKS } from '../../../modules/commerce/billing/index.ts';
import { invoiceClosed, paymentMismatch } from '../../../modules/commerce/problems.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { paymentSchema, toPayment } from '../payment.ts';

const route = createRoute({
  method: 'post',
  path: '/api/admin/payments/{id}/confirm',
  operationId: 'confirmPayment',
  tags: ['administration'],
  summary: 'Confirm that a transfer arrived',
  description:
    'Amount and currency as they stand on the bank’s statement; the transfer counts when they are what was asked for. Confirming again changes nothing.',
  security: bearer,
  request: {
    params: idParameter,
    body: jsonBody(
      z.strictObject({
        amount: z.int().min(1).max(MOST_KOPECKS).openapi({ description: 'Kopecks', example: 500_000 }),
        currency: z.string().regex(/^[A-Z]{3}$/),
      }),
    ),
  },
  responses: {
    200: json(paymentSchema, 'The payment'),
    ...problems(...bodyProblems, freshSignInNeeded, unauthenticated, notFound, paymentMismatch, invoiceClosed),
  },
});

export function confirmPayment(router: Router, deps: { database: Database; notifications: Notifications }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const actor = { actorId: c.var.caller.userId };
    const confirmed = await deps.database.transaction(async (tx) => {
      const { payment } = await find(tx, id);
      await confirmTransfer(tx, deps, payment, c.req.valid('json'), new Date(), actor);
      return find(tx, id);
    });
    return c.json(toPayment(confirmed.payment, confirmed.invoice), 200);
  });
}

/** @throws Problem not-found */
async function find(tx: Transaction, id: string) {
  const [row] = await tx
    .select({ payment: payments, invoice: invoices })
    .from(payments)
    .innerJoin(invoices, eq(invoices.id, payments.invoiceId))
    .where(eq(payments.id, id));
  if (!row) throw new Problem(notFound);
  return row;
}
