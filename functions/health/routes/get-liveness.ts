import { createRoute, z } from '@hono/zod-openapi';
import { json } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'getLiveness',
  tags: ['health'],
  summary: 'Whether the server answers at all',
  responses: { 200: json(z.strictObject({ status: z.literal('healthy') }), 'It does') },
});

export function getLiveness(router: Router): void {
  router.openapi(route, (c) => c.json({ status: 'healthy' as const }, 200));
}
