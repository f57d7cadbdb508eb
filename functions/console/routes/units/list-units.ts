import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { unitSchema } from '../../rows.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/units',
  operationId: 'listConsoleUnits',
  tags: ['console'],
  summary: 'Functions, workers and sites',
  security: bearer,
  responses: { 200: json(z.array(unitSchema), 'All of them'), ...problems(...readProblems) },
});

export function listUnits(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => c.json(await supervisor.get('/units', z.array(unitSchema)), 200));
}
