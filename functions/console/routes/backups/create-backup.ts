import { createRoute } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, emailOf, perform, requiredKey } from '../../perform.ts';
import { changeSchema } from '../../rows.ts';

const route = createRoute({
  method: 'post',
  path: '/api/operator/backups',
  operationId: 'createConsoleBackup',
  tags: ['console'],
  summary: 'Make a backup now',
  description: 'Begins it and returns its id, to be followed like a change of a unit.',
  security: bearer,
  request: { headers: requiredKey },
  responses: { 202: json(changeSchema, 'What was begun'), ...problems(...changeProblems) },
});

export function createBackup(router: Router, deps: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const by = await emailOf(deps.database, c.var.caller.userId);
    const begun = await perform(c, deps, { action: 'create-backup', target: null, details: {} }, () =>
      deps.supervisor.post('/backups', { by }, changeSchema),
    );
    return c.json(begun, 202);
  });
}
