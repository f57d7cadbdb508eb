import { createRoute } from '@hono/zod-openapi';
import { originMismatch } from '../../../modules/people/problems.ts';
import { bodyProblems, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { refreshTokenBody, requireRefreshToken, type SignInDeps } from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/logout',
  operationId: 'logout',
  tags: ['auth'],
  summary: 'End a session',
  description:
    'Revokes the refresh token and its successors; the access token stays valid until it expires. With `Pandect-Session: cookie` the token comes from the cookie, which is removed, and the request has no body.',
  request: { headers: sessionModeHeader, body: refreshTokenBody },
  responses: {
    204: { description: 'The session has ended or never existed' },
    ...problems(...bodyProblems, originMismatch),
  },
});

export function logout(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const cookie = sessionCookie(c, publicOrigin);
    const token = cookie ? cookie.token : requireRefreshToken(c.req.valid('json'));
    if (token !== undefined) await accounts.signOut(token);
    cookie?.remove();
    return c.body(null, 204);
  });
}
