import { createRoute, z } from '@hono/zod-openapi';
import { nextCursor, pageQuery, readCursor } from '../../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { jobSchema, queueName, stateSchema, storedJobSchema, toJob } from './job.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/jobs',
  operationId: 'listConsoleJobs',
  tags: ['console'],
  summary: 'Jobs, the newest first',
  description: 'With `total` and `asOf` all that match can be retried or discarded as they were counted.',
  security: bearer,
  request: { query: pageQuery.extend({ queue: queueName.optional(), state: stateSchema.optional() }) },
  responses: {
    200: json(
      z
        .object({
          jobs: z.array(jobSchema),
          total: z.int().openapi({ description: 'All that match' }),
          asOf: z.string(),
          next: z.string().nullable().openapi({ description: '`cursor` of the next page' }),
        })
        .openapi('ConsoleJobPage'),
      'A page',
    ),
    ...problems(...readProblems),
  },
});

const storedSchema = z.object({ jobs: z.array(storedJobSchema), total: z.int(), asOf: z.string() });

export function listJobs(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, queue, state } = c.req.valid('query');
    const after = readCursor(cursor);
    const behind = after && { createdAt: new Date(after.at).toISOString(), id: after.id };
    const asked = { queue, state, limit: limit + 1, behind };
    const { jobs, total, asOf } = await supervisor.ask('/operator/jobs/page', asked, storedSchema);
    const page = jobs.slice(0, limit);
    return c.json({ jobs: page.map(toJob), total, asOf, next: nextCursor(page, jobs.length > limit) }, 200);
  });
}
