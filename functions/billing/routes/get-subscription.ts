import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { openInvoices, readSubscription } from '../../../modules/commerce/billing/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { invoiceSchema, subscriptionSchema, toInvoice, toSubscription } from '../billed.ts';

const route = createRoute({
  method: 'get',
  path: '/api/subscription',
  operationId: 'getSubscription',
  tags: ['billing'],
  summary: 'The subscription of your organization, and what is to be paid',
  security: bearer,
  responses: {
    200: json(
      z.strictObject({
        tier: z.string().openapi({ description: 'Current plan' }),
        questionCredits: z.int().openapi({ description: 'Purchased questions not used yet' }),
        subscription: subscriptionSchema
          .nullable()
          .openapi({ description: 'Null if the organization never had a subscription' }),
        openInvoices: z.array(invoiceSchema),
      }),
      'Subscription',
    ),
    ...problems(unauthenticated, notFound),
  },
});

export function getSubscription(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const found = await database.tenant(organizationId, async (tx) => {
      const [row] = await tx.select().from(organizations).where(eq(organizations.id, organizationId));
      if (!row) throw new Problem(notFound);
      const subscription = await readSubscription(tx, organizationId);
      return { row, subscription, open: await openInvoices(tx, organizationId) };
    });
    return c.json(
      {
        tier: found.row.tier,
        questionCredits: found.row.questionCredits,
        subscription: found.subscription ? toSubscription(found.subscription) : null,
        openInvoices: found.open.map(toInvoice),
      },
      200,
    );
  });
}
