import { createRoute } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { bodyProblems, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { refreshTokenSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/logout',
  operationId: 'logout',
  tags: ['auth'],
  summary: 'End a session',
  description: 'Revokes the refresh token and its successors; the access token stays valid until it expires.',
  request: { body: jsonBody(refreshTokenSchema) },
  responses: {
    204: { description: 'The session has ended or never existed' },
    ...problems(...bodyProblems),
  },
});

export function logout(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    await accounts.signOut(c.req.valid('json').refreshToken);
    return c.body(null, 204);
  });
}
