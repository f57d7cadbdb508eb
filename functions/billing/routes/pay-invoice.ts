import { createRoute, z } from '@hono/zod-openapi';
import { type PaymentDeps, paymentProviders, startPayment } from '../../../modules/commerce/billing/index.ts';
import { invoiceClosed, paymentFailed } from '../../../modules/commerce/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
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
import { paymentSchema, toPayment } from '../billed.ts';

const route = createRoute({
  method: 'post',
  path: '/api/invoices/{id}/payments',
  operationId: 'payInvoice',
  tags: ['billing'],
  summary: 'Pay an open invoice',
  description: 'For owners. Returns the same payment as long as it can still be made.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(z.strictObject({ provider: z.enum(paymentProviders) })) },
  responses: {
    200: json(paymentSchema, 'Where to pay'),
    ...problems(...bodyProblems, unauthenticated, notFound, invoiceClosed, paymentFailed),
  },
});

export function payInvoice(router: Router, deps: PaymentDeps): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'owner');
    const invoice = { organizationId: caller.organizationId, id: c.req.valid('param').id };
    return c.json(toPayment(await startPayment(deps, invoice, c.req.valid('json').provider, new Date())), 200);
  });
}
