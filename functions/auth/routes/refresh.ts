import { createRoute } from '@hono/zod-openapi';
import { invalidRefreshToken, organizationSuspended, originMismatch } from '../../../modules/people/problems.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { bodyProblems, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, refreshTokenBody, requireRefreshToken, type SignInDeps, sessionSchema } from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/refresh',
  operationId: 'refreshSession',
  tags: ['auth'],
  summary: 'Exchange a refresh token for new tokens',
  description:
    'Each refresh token works once, and again for 30 s after that, so that a lost response and two uses at once do no harm. Using it later ends the session. With `Pandect-Session: cookie` the token comes from the cookie and the request has no body.',
  request: { headers: sessionModeHeader, body: refreshTokenBody },
  responses: {
    200: json(sessionSchema, 'New tokens'),
    ...problems(...bodyProblems, invalidRefreshToken, originMismatch, organizationSuspended),
  },
});

export function refresh(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const cookie = sessionCookie(c, publicOrigin);
    const token = cookie ? cookie.token : requireRefreshToken(c.req.valid('json'));
    if (token === undefined) throw new Problem(invalidRefreshToken);
    return answerSession(c, await accounts.refresh(token), 200, cookie);
  });
}
