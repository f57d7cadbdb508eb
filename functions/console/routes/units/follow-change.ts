import { createRoute, z } from '@hono/zod-openapi';
import type { TokenVerifier } from '../../../../platform/runtime/http/caller.ts';
import {
  bearer,
  eventStream,
  idParameter,
  problemSchema,
  problems,
} from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { followSupervisor } from '../../follow-supervisor.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { changeEventSchema, changeSchema } from '../../rows.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/changes/{id}/events',
  operationId: 'followConsoleChange',
  tags: ['console'],
  summary: 'Follow a change',
  description:
    'Server-sent events: `change` for each step, from the first one or behind `Last-Event-ID`; `end` with the outcome is the last. Over a restart of the supervisor the stream continues; a change that the restart cut off ends as `failed`.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { content: eventStream('ConsoleChangeEvents'), description: 'Steps' },
    ...problems(...readProblems),
  },
});

const events = z
  .object({ change: changeEventSchema, end: z.object({ ok: z.boolean() }), error: problemSchema })
  .partial();

const lineSchema = z.union([z.object({ number: z.int(), event: changeEventSchema }), z.object({ ok: z.boolean() })]);

const RESTARTED =
  'The supervisor has restarted since and no longer knows the change; the history of the unit tells what became of it';

export function followChange(router: Router, deps: ConsoleDeps & { tokens: TokenVerifier }): void {
  router.openAPIRegistry.register('ConsoleChangeEvents', events);
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    // One that was followed before may be gone with the supervisor that made it.
    const isResumed = Boolean(c.req.header('last-event-id'));
    const unit = isResumed ? '' : (await deps.supervisor.get(`/changes/${id}`, changeSchema)).unit;
    const end = (ok: boolean) => ({ event: 'end', data: JSON.stringify({ ok }) });
    return followSupervisor(c, deps, {
      path: (place) => `/changes/${id}/events?after=${Number(place ?? 0) || 0}`,
      read(line) {
        const said = lineSchema.parse(line);
        if ('ok' in said) return { messages: [end(said.ok)], isLast: true };
        const message = { event: 'change', data: JSON.stringify(said.event), id: String(said.number) };
        return { messages: [message], isLast: false };
      },
      lost: () => [{ event: 'change', data: JSON.stringify({ unit, step: 'failed', message: RESTARTED }) }, end(false)],
    }) as never;
  });
}
