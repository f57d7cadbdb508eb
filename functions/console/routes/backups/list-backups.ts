import { createRoute, z } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';

const backupSchema = z
  .object({
    id: z.string(),
    at: z.string(),
    isComplete: z.boolean(),
    version: z.string().optional(),
    files: z.int().optional(),
    bytes: z.number().optional(),
  })
  .openapi('ConsoleBackup');
const rangeSchema = z.object({ home: z.string(), from: z.string(), until: z.string() });

const shown = {
  lastSuccessAt: z.string().nullable(),
  state: z.enum(['off', 'never', 'failed', 'old', 'ok']),
  newest: z
    .object({ id: z.string(), startedAt: z.string(), finishedAt: z.string(), seconds: z.number(), bytes: z.number() })
    .nullable(),
  lastFailure: z.object({ at: z.string(), message: z.string() }).nullable(),
  verified: z.object({ at: z.string(), id: z.string(), seconds: z.number() }).nullable(),
  drill: z
    .object({
      at: z.string(),
      id: z.string(),
      seconds: z.number(),
      isPassed: z.boolean(),
      succeededAt: z.string().optional(),
    })
    .nullable()
    .openapi({ description: 'The last backup that was restored to see that it can be' }),
  logUntil: z.string().nullable().openapi({ description: 'Everything committed by then is at the target' }),
  isBusy: z.boolean().openapi({ description: 'One is being made, or read back' }),
};

const storedSchema = z.object({
  ...shown,
  listed: z.object({ backups: z.array(backupSchema), ranges: z.array(rangeSchema) }).nullable(),
  failure: z.string().nullable(),
});

const backupsSchema = z
  .object({
    ...shown,
    backups: z
      .array(backupSchema)
      .nullable()
      .openapi({ description: 'Newest last; null when the target does not answer' }),
    ranges: z.array(rangeSchema).openapi({ description: 'Times that can be restored to' }),
    failure: z.string().nullable().openapi({ description: 'Why the target did not answer' }),
  })
  .openapi('ConsoleBackups');

const route = createRoute({
  method: 'get',
  path: '/api/operator/backups',
  operationId: 'listConsoleBackups',
  tags: ['console'],
  summary: 'Backups, and when the last one was restored to see that it can be',
  description: 'Asks the target, which may take seconds.',
  security: bearer,
  responses: { 200: json(backupsSchema, 'All of them'), ...problems(...readProblems) },
});

export function listBackups(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { listed, ...state } = await supervisor.get('/backups', storedSchema);
    return c.json({ ...state, backups: listed?.backups ?? null, ranges: listed?.ranges ?? [] }, 200);
  });
}
