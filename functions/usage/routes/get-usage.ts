import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { sumUsage } from '../../../modules/commerce/metering/index.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { firstDayOf, monthQuery, sums } from '../month.ts';

const usageSchema = z
  .strictObject({
    since: z.iso.datetime().openapi({ description: 'Start of the month, UTC' }),
    total: z.strictObject(sums),
    items: z.array(
      z.strictObject({
        action: z.string().openapi({ description: 'More actions may be added', example: 'ai_query' }),
        model: z.string().nullable(),
        ...sums,
      }),
    ),
    people: z.array(
      z.strictObject({
        userId: z.uuid().nullable().openapi({ description: 'null for all former members together' }),
        email: z.string().nullable(),
        ...sums,
      }),
    ),
  })
  .openapi('Usage');

const route = createRoute({
  method: 'get',
  path: '/api/usage',
  operationId: 'getUsage',
  tags: ['usage'],
  summary: 'What your organization used in a month',
  description: 'Usage counts in the month in which it was admitted.',
  security: bearer,
  request: { query: monthQuery },
  responses: { 200: json(usageSchema, 'Sums'), ...problems(invalidRequest, unauthenticated) },
});

export function getUsage(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const month = firstDayOf(c.req.valid('query').month);
    const usage = await database.tenant(organizationId, (tx) => sumUsage(tx, organizationId, month));
    return c.json({ since: `${month}T00:00:00.000Z`, ...usage }, 200);
  });
}
