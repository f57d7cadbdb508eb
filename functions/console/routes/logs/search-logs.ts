import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { filterSchema, lineSchema, placeSchema, queryOf } from './log-lines.ts';

const pageSchema = z
  .object({
    lines: z.array(lineSchema).openapi({ description: 'Oldest first' }),
    next: z.string().nullable().openapi({ description: '`cursor` of what is older; null when nothing is left' }),
    end: z
      .string()
      .nullable()
      .openapi({ description: 'Place behind the newest line, for `from` of the live stream; null on later pages' }),
  })
  .openapi('ConsoleLogPage');

const route = createRoute({
  method: 'get',
  path: '/api/operator/logs',
  operationId: 'searchConsoleLogs',
  tags: ['console'],
  summary: 'Lines of the logs, the newest page first',
  description:
    'Logs of functions, workers and the supervisor, in which nothing stands that people wrote. Each request looks at a bounded amount: a page may hold fewer lines than `limit`, or none, and have a `next`.',
  security: bearer,
  request: {
    query: filterSchema.extend({
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
      cursor: placeSchema.optional(),
    }),
  },
  responses: { 200: json(pageSchema, 'A page'), ...problems(...readProblems) },
});

export function searchLogs(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { limit, cursor: from, ...filter } = c.req.valid('query');
    return c.json(await supervisor.get(`/logs?${queryOf(filter, { limit, from })}`, pageSchema), 200);
  });
}
