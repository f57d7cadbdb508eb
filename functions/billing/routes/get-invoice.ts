import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { invoiceSchema, toInvoice } from '../billed.ts';
import { findInvoice } from '../find-invoice.ts';

const route = createRoute({
  method: 'get',
  path: '/api/invoices/{id}',
  operationId: 'getInvoice',
  tags: ['billing'],
  summary: 'One invoice',
  description: 'For administrators and owners.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(invoiceSchema, 'The invoice'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function getInvoice(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    return c.json(toInvoice(await findInvoice(database, caller.organizationId, c.req.valid('param').id)), 200);
  });
}
