import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const routeSchema = z
  .object({
    route: z.string(),
    strategy: z.enum(['order', 'weighted']),
    targets: z.array(
      z.object({
        target: z.string(),
        provider: z.string(),
        model: z.string(),
        weight: z.number(),
        keys: z.int().openapi({ description: 'How many there are; none is shown' }),
      }),
    ),
    cacheSeconds: z.number(),
  })
  .openapi('ConsoleRoute');

const route = createRoute({
  method: 'get',
  path: '/api/operator/gateway/routes',
  operationId: 'listConsoleRoutes',
  tags: ['console'],
  summary: 'Routes of the gateway with their models',
  security: bearer,
  responses: { 200: json(z.array(routeSchema), 'Routes'), ...problems(...readProblems) },
});

export function listRoutes(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) =>
    c.json(await supervisor.get('/operator/gateway/routes', z.array(routeSchema)), 200),
  );
}
