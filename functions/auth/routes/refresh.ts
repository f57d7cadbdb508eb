import { createRoute } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { invalidRefreshToken, organizationSuspended } from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, refreshTokenSchema, sessionSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/refresh',
  operationId: 'refreshSession',
  tags: ['auth'],
  summary: 'Exchange a refresh token for new tokens',
  description: 'Each refresh token works once. Reusing one ends every session that came from the same sign-in.',
  request: { body: jsonBody(refreshTokenSchema) },
  responses: {
    200: json(sessionSchema, 'New tokens'),
    ...problems(...bodyProblems, invalidRefreshToken, organizationSuspended),
  },
});

export function refresh(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => answerSession(c, await accounts.refresh(c.req.valid('json').refreshToken), 200));
}
