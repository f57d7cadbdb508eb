import { createRoute, z } from '@hono/zod-openapi';
import type { TokenVerifier } from '../../../../platform/runtime/http/caller.ts';
import { bearer, eventStream, problemSchema, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { followSupervisor } from '../../follow-supervisor.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { filterSchema, lineSchema, placeSchema, queryOf } from './log-lines.ts';

const linesSchema = z
  .object({
    lines: z.array(lineSchema),
    isGap: z.boolean().openapi({ description: 'Lines before these are missing, as they are no longer kept' }),
  })
  .openapi('ConsoleLogLines');
const events = z.object({ lines: linesSchema, error: problemSchema }).partial();

const route = createRoute({
  method: 'get',
  path: '/api/operator/logs/events',
  operationId: 'followConsoleLogs',
  tags: ['console'],
  summary: 'Follow the logs',
  description:
    'Server-sent events `lines`, each with lines that came together, and none when only the place moved. The `id` of an event is a place in all logs: with it in `Last-Event-ID` the stream continues behind it, nothing twice and nothing missing, after an hour as after a second. Without one it begins at `from`, or with what comes.',
  security: bearer,
  request: { query: filterSchema.omit({ until: true }).extend({ from: placeSchema.optional() }) },
  responses: { 200: { content: eventStream('ConsoleLogEvents'), description: 'Lines' }, ...problems(...readProblems) },
});

const toldSchema = linesSchema.extend({ place: z.string() });

export function followLogs(router: Router, deps: ConsoleDeps & { tokens: TokenVerifier }): void {
  router.openAPIRegistry.register('ConsoleLogEvents', events);
  router.openapi(route, async (c) => {
    const { from, ...filter } = c.req.valid('query');
    // Says of a unit that there is none before the stream begins.
    const { unit } = filter;
    if (unit !== undefined) await deps.supervisor.get(`/logs?${queryOf({ unit }, { limit: 1 })}`, z.unknown());
    return followSupervisor(c, deps, {
      path: (place) => `/logs/events?${queryOf(filter, { from: placeSchema.safeParse(place).data ?? from })}`,
      read(line) {
        const { place, ...told } = toldSchema.parse(line);
        return { messages: [{ event: 'lines', data: JSON.stringify(told), id: place }], isLast: false };
      },
    }) as never;
  });
}
