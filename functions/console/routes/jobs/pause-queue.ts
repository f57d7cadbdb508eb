import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, perform, requiredKey } from '../../perform.ts';
import { queueSchema } from '../../rows.ts';

const parameter = z.object({
  queue: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .openapi({ param: { name: 'queue', in: 'path' }, example: 'ingest' }),
});

const route = (action: 'pause' | 'resume') =>
  createRoute({
    method: 'post',
    path: `/api/operator/queues/{queue}/${action}`,
    operationId: `${action}ConsoleQueue`,
    tags: ['console'],
    summary: action === 'pause' ? 'Have the jobs of a queue wait' : 'Have the jobs of a queue done again',
    description:
      'A worker that serves several queues stops for all of them, under its own name. Workers finish what they have; jobs are still accepted.',
    security: bearer,
    request: { params: parameter, headers: requiredKey },
    responses: { 200: json(z.array(queueSchema), 'The queues of its worker'), ...problems(...changeProblems) },
  });

export function pauseQueue(router: Router, deps: ConsoleDeps): void {
  for (const action of ['pause', 'resume'] as const) {
    router.openapi(route(action), async (c) => {
      const { queue } = c.req.valid('param');
      const rows = await perform(c, deps, { action: `${action}-queue`, target: queue, details: {} }, () =>
        deps.supervisor.post(`/queues/${action}`, { queue }, z.array(queueSchema)),
      );
      return c.json(rows, 200);
    });
  }
}
