import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { sumUsage } from '../../../modules/commerce/metering/index.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const sums = {
  count: z.int(),
  promptTokens: z.int(),
  completionTokens: z.int(),
  cachedTokens: z.int().openapi({ description: 'Part of the prompt tokens' }),
  cost: z.string().openapi({ description: 'Roubles, exact', example: '12.34000000' }),
};

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
  request: {
    query: z.object({
      month: z
        .string()
        .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-03')
        .optional()
        .openapi({ description: 'UTC; default: the current month', example: '2026-03' }),
    }),
  },
  responses: { 200: json(usageSchema, 'Sums'), ...problems(invalidRequest, unauthenticated) },
});

export function getUsage(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const month = `${c.req.valid('query').month ?? new Date().toISOString().slice(0, 7)}-01`;
    const usage = await database.tenant(organizationId, (tx) => sumUsage(tx, organizationId, month));
    return c.json({ since: `${month}T00:00:00.000Z`, ...usage }, 200);
  });
}
