import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { usageActions } from '../../../db/schema/usage-logs.ts';
import { sumUsage } from '../../../platform/capabilities/usage/index.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const usageSchema = z
  .strictObject({
    since: z.iso.datetime().openapi({ description: 'Start of the present month, UTC' }),
    items: z.array(
      z.strictObject({
        action: z.enum(usageActions),
        model: z.string().nullable(),
        count: z.int(),
        promptTokens: z.int(),
        completionTokens: z.int(),
        cachedTokens: z.int(),
      }),
    ),
  })
  .openapi('Usage');

const route = createRoute({
  method: 'get',
  path: '/api/usage',
  tags: ['usage'],
  summary: 'What your organization used this month',
  security: bearer,
  responses: { 200: json(usageSchema, 'By action and model'), ...problems('unauthenticated') },
});

export function getUsage(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const now = new Date();
    const since = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
    const items = await database.tenant(organizationId, (tx) => sumUsage(tx, organizationId, since));
    return c.json({ since: since.toISOString(), items }, 200);
  });
}
