import { createRoute } from '@hono/zod-openapi';
import { bearer, idParameter, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { keyDetailSchema } from './key.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/gateway/keys/{id}',
  operationId: 'getConsoleKey',
  tags: ['console'],
  summary: 'One key with its owner, its limits and what it was used for since the month began',
  description: 'Also one that was revoked. The key itself is stored nowhere. Days and months are by UTC.',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(keyDetailSchema, 'The key'), ...problems(...readProblems) },
});

export function getKey(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    return c.json(await supervisor.ask('/operator/gateway/keys/show', { id }, keyDetailSchema), 200);
  });
}
