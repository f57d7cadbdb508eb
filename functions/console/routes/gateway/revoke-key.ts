import { createRoute, z } from '@hono/zod-openapi';
import { bearer, idParameter, json, jsonBody, problems, words } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, changeProblems, perform, requiredKey } from '../../perform.ts';

const revokedSchema = z.object({ id: z.string(), revokedAt: z.string() }).openapi('ConsoleRevokedKey');

const route = createRoute({
  method: 'post',
  path: '/api/operator/gateway/keys/{id}/revoke',
  operationId: 'revokeConsoleKey',
  tags: ['console'],
  summary: 'Revoke an API key of any organization',
  description:
    'Takes effect within a second, for secrets from before a rotation as well. The reason stands in the audit log of the organization and in that of the operator.',
  security: bearer,
  request: { params: idParameter, headers: requiredKey, body: jsonBody(z.strictObject({ reason: words(500) })) },
  responses: { 200: json(revokedSchema, 'When it was'), ...problems(...changeProblems) },
});

export function revokeKey(router: Router, deps: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const asked = c.req.valid('json');
    const revoked = await perform(c, deps, { action: 'revoke-key', target: id, details: asked }, () =>
      deps.supervisor.post('/operator/gateway/keys/revoke', { id, ...asked }, revokedSchema),
    );
    return c.json(revoked, 200);
  });
}
