import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, jsonBody, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, perform, requiredKey } from '../../perform.ts';
import { silenceSchema } from './list-alerts.ts';

const about = {
  rule: z.string().min(1).max(100),
  unit: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'Only those in which a label is this: a unit, a queue, a provider' }),
};
const LONGEST_SECONDS = 365 * 86_400;

const silenceRoute = createRoute({
  method: 'post',
  path: '/api/operator/alerts/silences',
  operationId: 'silenceConsoleAlert',
  tags: ['console'],
  summary: 'Do not send an alert for a while',
  security: bearer,
  request: {
    headers: requiredKey,
    body: jsonBody(z.strictObject({ ...about, seconds: z.int().min(1).max(LONGEST_SECONDS) })),
  },
  responses: { 200: json(silenceSchema, 'The silence'), ...problems(...changeProblems) },
});

const endRoute = createRoute({
  method: 'delete',
  path: '/api/operator/alerts/silences',
  operationId: 'endConsoleSilence',
  tags: ['console'],
  summary: 'Send it again',
  security: bearer,
  request: { headers: requiredKey, body: jsonBody(z.strictObject(about)) },
  responses: { 204: { description: 'The silence is over' }, ...problems(...changeProblems) },
});

export function silenceAlert(router: Router, deps: ConsoleDeps): void {
  const { supervisor } = deps;
  router.openapi(silenceRoute, async (c) => {
    const { rule, ...details } = c.req.valid('json');
    const silence = await perform(c, deps, { action: 'silence-alert', target: rule, details }, () =>
      supervisor.post('/alerts/silences', { rule, ...details }, silenceSchema),
    );
    return c.json(silence, 200);
  });
  router.openapi(endRoute, async (c) => {
    const { rule, ...details } = c.req.valid('json');
    await perform(c, deps, { action: 'end-silence', target: rule, details }, async () => {
      await supervisor.post('/alerts/silences/end', { rule, ...details }, z.unknown());
      return {};
    });
    return c.body(null, 204);
  });
}
