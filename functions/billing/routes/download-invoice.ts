import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import type { InvoiceRenderer } from '../../../modules/commerce/billing/index.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findInvoice } from '../find-invoice.ts';

const route = createRoute({
  method: 'get',
  path: '/api/invoices/{id}/pdf',
  operationId: 'downloadInvoice',
  tags: ['billing'],
  summary: 'An invoice as a document',
  description: 'For administrators and owners. The document is Russian.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: {
      content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } },
      description: 'The document',
    },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function downloadInvoice(
  router: Router,
  { database, renderInvoice }: { database: Database; renderInvoice: InvoiceRenderer },
): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const invoice = await findInvoice(database, caller.organizationId, c.req.valid('param').id);
    return c.body(new Uint8Array(await renderInvoice(invoice)), 200, {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="invoice-${invoice.number}.pdf"`,
      'cache-control': 'private, no-store',
    });
  });
}
