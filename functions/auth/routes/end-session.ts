import { createRoute } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/me/sessions/{id}',
  operationId: 'endSession',
  tags: ['me'],
  summary: 'End one of your sessions',
  description: 'Its access tokens end within a second too.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    204: { description: 'The session has ended' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function endSession(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    await accounts.endSession(c.var.caller, c.req.valid('param').id);
    return c.body(null, 204);
  });
}
