import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const callSchema = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    requestId: z.string(),
    attempt: z.int(),
    route: z.string().nullable(),
    target: z.string().nullable(),
    outcome: z.string(),
    status: z.int().nullable(),
    promptTokens: z.int(),
    completionTokens: z.int(),
    firstMs: z.number().nullable(),
    ms: z.number().nullable(),
    cost: z.string().openapi({ description: 'Roubles, exact' }),
    isEstimated: z.boolean(),
    createdAt: z.string(),
  })
  .openapi('ConsoleCall');

const route = createRoute({
  method: 'get',
  path: '/api/operator/gateway/calls',
  operationId: 'listConsoleCalls',
  tags: ['console'],
  summary: 'Calls of models of all organizations, the newest last',
  description: 'No word of what was asked or answered.',
  security: bearer,
  request: {
    query: z.object({
      organization: z.uuid().optional(),
      key: z.uuid().optional().openapi({ description: 'Id of the API key that asked' }),
      minutes: z.coerce.number().int().min(1).max(43_200).default(60),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
  },
  responses: { 200: json(z.array(callSchema), 'Calls'), ...problems(...readProblems) },
});

export function listCalls(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { minutes, ...asked } = c.req.valid('query');
    const body = { ...asked, sinceMs: minutes * 60_000 };
    return c.json(await supervisor.ask('/operator/gateway/calls', body, z.array(callSchema)), 200);
  });
}
