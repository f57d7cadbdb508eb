import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { documentUse, planOf, questionUse } from '../../../platform/capabilities/limits/index.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const countSchema = z.strictObject({ used: z.int(), limit: z.int() });
const periodSchema = countSchema.extend({ resetSeconds: z.int() });

const limitsSchema = z
  .strictObject({
    tier: z.string(),
    questions: z.strictObject({ day: periodSchema, month: periodSchema }),
    documents: countSchema,
    storageBytes: countSchema,
    fileBytes: z.int().openapi({ description: 'Largest file' }),
    tokensPerQuestion: z.int(),
  })
  .openapi('Limits');

const route = createRoute({
  method: 'get',
  path: '/api/limits',
  tags: ['usage'],
  summary: 'What your plan allows, what is left, and when it resets',
  security: bearer,
  responses: { 200: json(limitsSchema, 'Limits'), ...problems('unauthenticated', 'not-found') },
});

export function getLimits(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const limits = await database.tenant(organizationId, async (tx) => {
      const plan = await planOf(tx, organizationId);
      const held = await documentUse(tx, organizationId);
      return {
        tier: plan.tier,
        questions: await questionUse(tx, organizationId, plan, new Date()),
        documents: { used: held.documents, limit: plan.documents },
        storageBytes: { used: held.storageBytes, limit: plan.storageBytes },
        fileBytes: plan.fileBytes,
        tokensPerQuestion: plan.maxTokensPerQuestion,
      };
    });
    return c.json(limits, 200);
  });
}
