import { createRoute, z } from '@hono/zod-openapi';
import { unitActions } from '../../../../platform/kernel/console/unit-actions.ts';
import { bearer, json, jsonBody, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, emailOf, perform, requiredKey } from '../../perform.ts';
import { changeSchema } from '../../rows.ts';
import { unitParameter } from './unit-parameter.ts';

const bodySchema = z.strictObject({
  action: z.enum(unitActions),
  release: z
    .string()
    .regex(/^[\w.-]{1,100}$/)
    .optional()
    .openapi({ description: 'Of `rollback`, `preview` and `end-preview`; the one before, what the folder holds, all' }),
  percent: z.number().min(0).max(100).optional().openapi({ description: 'Of `canary`: share of the callers' }),
  instances: z
    .int()
    .min(0)
    .max(64)
    .nullable()
    .optional()
    .openapi({ description: 'Of `scale`: fixed number of processes; null: by load' }),
});

const route = createRoute({
  method: 'post',
  path: '/api/operator/units/{unit}/changes',
  operationId: 'changeConsoleUnit',
  tags: ['console'],
  summary: 'Change a unit',
  description:
    'Begins the change and returns its id; the change continues when the connection ends. While another change of the unit is under way, nothing is begun. Needs a sign-in within the last ten minutes.',
  security: bearer,
  request: { params: unitParameter, headers: requiredKey, body: jsonBody(bodySchema) },
  responses: { 202: json(changeSchema, 'The change that was begun'), ...problems(...changeProblems) },
});

export function changeUnit(router: Router, deps: ConsoleDeps): void {
  const { database, supervisor } = deps;
  router.openapi(route, async (c) => {
    const { unit } = c.req.valid('param');
    const { action, ...details } = c.req.valid('json');
    const by = await emailOf(database, c.var.caller.userId);
    const begun = await perform(c, deps, { action: `${action}-unit`, target: unit, details }, () =>
      supervisor.post(`/units/${unit}/changes`, { action, ...details, by }, changeSchema),
    );
    return c.json(begun, 202);
  });
}
