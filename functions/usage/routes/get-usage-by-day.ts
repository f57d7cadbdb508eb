import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { sumUsageByDay } from '../../../modules/commerce/metering/index.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { firstDayOf, monthQuery, sums } from '../month.ts';

const usageByDay = z
  .strictObject({
    since: z.iso.datetime().openapi({ description: 'Start of the month, UTC' }),
    days: z
      .array(z.strictObject({ day: z.iso.date().openapi({ description: 'UTC', example: '2026-03-05' }), ...sums }))
      .openapi({ description: 'Days on which anything was used, oldest first' }),
  })
  .openapi('UsageByDay');

const route = createRoute({
  method: 'get',
  path: '/api/usage/days',
  operationId: 'getUsageByDay',
  tags: ['usage'],
  summary: 'What your organization used on each day of a month',
  description:
    'Usage counts on the day on which it was admitted. Days are missing where the operator removes single records of usage after some time; the sums of months stay.',
  security: bearer,
  request: { query: monthQuery },
  responses: { 200: json(usageByDay, 'Days'), ...problems(invalidRequest, unauthenticated) },
});

export function getUsageByDay(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const month = firstDayOf(c.req.valid('query').month);
    const days = await database.tenant(organizationId, (tx) => sumUsageByDay(tx, organizationId, month));
    return c.json({ since: `${month}T00:00:00.000Z`, days }, 200);
  });
}
