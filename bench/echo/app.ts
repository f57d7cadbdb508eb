import { createRoute, z } from '@hono/zod-openapi';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import { unauthenticated } from '../../platform/kernel/problems.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { bearer, json, problems } from '../../platform/runtime/http/operation.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';

export const provide = { tokens };

const route = createRoute({
  method: 'get',
  path: '/api/echo',
  security: bearer,
  responses: { 200: json(z.strictObject({ status: z.literal('healthy') }), 'Nothing'), ...problems(unauthenticated) },
});

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens);
  router.openapi(route, (c) => c.json({ status: 'healthy' as const }, 200));
  return router;
}
