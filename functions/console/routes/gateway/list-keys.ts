import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { keySchema } from './key.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/gateway/keys',
  operationId: 'listConsoleKeys',
  tags: ['console'],
  summary: 'Keys that may call models, the last used first, with their budgets and refusals',
  description: 'The keys themselves are stored nowhere. While Redis is unavailable refusals are not counted.',
  security: bearer,
  request: {
    query: z.object({
      organization: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
  },
  responses: { 200: json(z.array(keySchema), 'Keys'), ...problems(...readProblems) },
});

export function listKeys(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) =>
    c.json(await supervisor.ask('/operator/gateway/keys', c.req.valid('query'), z.array(keySchema)), 200),
  );
}
