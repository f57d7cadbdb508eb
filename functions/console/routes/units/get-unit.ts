import { createRoute } from '@hono/zod-openapi';
import { bearer, json, problems } from '../../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../../platform/runtime/http/router.ts';
import { type ConsoleDeps, readProblems } from '../../perform.ts';
import { unitDetailSchema } from '../../rows.ts';
import { unitParameter } from './unit-parameter.ts';

const route = createRoute({
  method: 'get',
  path: '/api/operator/units/{unit}',
  operationId: 'getConsoleUnit',
  tags: ['console'],
  summary: 'One of them with its releases, changes and ends of processes',
  security: bearer,
  request: { params: unitParameter },
  responses: { 200: json(unitDetailSchema, 'The unit'), ...problems(...readProblems) },
});

export function getUnit(router: Router, { supervisor }: ConsoleDeps): void {
  router.openapi(route, async (c) => {
    const { unit } = c.req.valid('param');
    return c.json(await supervisor.get(`/units/${unit}`, unitDetailSchema), 200);
  });
}
