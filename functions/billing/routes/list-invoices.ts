import { createRoute, z } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { invoices } from '../../../db/schema/commerce/invoices.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { invoiceSchema, toInvoice } from '../billed.ts';

const route = createRoute({
  method: 'get',
  path: '/api/invoices',
  operationId: 'listInvoices',
  tags: ['billing'],
  summary: 'Invoices of your organization, newest first',
  description: 'For administrators and owners.',
  security: bearer,
  request: { query: pageQuery },
  responses: {
    200: json(z.strictObject({ items: z.array(invoiceSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const { order, after } = newestFirst(invoices.issuedAt, invoices.id);

export function listInvoices(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { cursor, limit } = c.req.valid('query');
    const rows = await database.tenant(caller.organizationId, (tx) =>
      tx
        .select()
        .from(invoices)
        .where(and(eq(invoices.organizationId, caller.organizationId), after(readCursor(cursor))))
        .orderBy(...order)
        .limit(limit + 1),
    );
    const items = rows.slice(0, limit).map(toInvoice);
    const positions = items.map(({ id, issuedAt }) => ({ id, createdAt: issuedAt }));
    return c.json({ items, nextCursor: nextCursor(positions, rows.length > limit) }, 200);
  });
}
