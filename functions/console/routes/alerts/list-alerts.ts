import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { alertSchema } from '../../rows.ts';

export const silenceSchema = z
  .object({ rule: z.string(), unit: z.string().optional(), until: z.string() })
  .openapi('ConsoleSilence');

const alertsSchema = z
  .object({
    alerts: z.array(alertSchema),
    past: z.array(
      alertSchema.omit({ state: true, isSilenced: true, help: true, screen: true }).extend({ endedAt: z.string() }),
    ),
    silences: z.array(silenceSchema),
    channels: z.array(
      z.object({
        name: z.string(),
        waiting: z.int(),
        sentAt: z.string().optional(),
        failure: z.object({ at: z.string(), message: z.string(), attempts: z.int() }).optional(),
      }),
    ),
    quietHours: z.string().nullable(),
    mistakes: z.array(z.string()).openapi({ description: 'Of the operator’s file of rules' }),
    evaluatedAt: z.string().nullable(),
    isReadable: z.boolean().openapi({ description: 'Whether the figures could be read then' }),
    rules: z.array(
      z.object({
        name: z.string(),
        severity: z.enum(['info', 'warning', 'critical']),
        threshold: z.number().nullable(),
        sentence: z.string(),
        forSeconds: z.number(),
        command: z.string(),
        help: z.string(),
        steps: z.array(z.string()).openapi({ description: 'What to do, in this order; commands in backquotes' }),
      }),
    ),
  })
  .openapi('ConsoleAlerts');

const route = createRoute({
  method: 'get',
  path: '/api/operator/alerts',
  operationId: 'listConsoleAlerts',
  tags: ['console'],
  summary: 'Alerts, the rules behind them, and which are silenced',
  security: bearer,
  responses: { 200: json(alertsSchema, 'All of them'), ...problems(...readProblems) },
});

export function listAlerts(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => c.json(await supervisor.get('/alerts', alertsSchema), 200));
}
