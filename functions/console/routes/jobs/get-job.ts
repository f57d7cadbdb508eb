import { createRoute } from '@hono/zod-openapi';
import { bearer, idParameter, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { jobSchema, storedJobSchema, toJob } from './job.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/jobs/{id}',
  operationId: 'getConsoleJob',
  tags: ['console'],
  summary: 'One job',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(jobSchema, 'The job'), ...problems(...readProblems) },
});

export function getJob(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(toJob(await supervisor.ask('/operator/jobs/show', { id }, storedJobSchema)), 200);
  });
}
