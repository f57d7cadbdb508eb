import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { queueSchema } from '../../rows.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/queues',
  operationId: 'listConsoleQueues',
  tags: ['console'],
  summary: 'Queues, and what waits in them',
  security: bearer,
  responses: { 200: json(z.array(queueSchema), 'All of them'), ...problems(...readProblems) },
});

export function listQueues(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => c.json(await supervisor.get('/queues', z.array(queueSchema)), 200));
}
