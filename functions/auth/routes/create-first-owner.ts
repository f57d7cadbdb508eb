import { createRoute } from '@hono/zod-openapi';
import { commonPassword, emailTaken, originMismatch, setupClosed } from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, newAccountSchema, type SignInDeps, sessionSchema } from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/setup',
  operationId: 'createFirstOwner',
  tags: ['auth'],
  summary: 'Create the first organization and its owner',
  description:
    'Works once, on a platform that has never had an organization; otherwise like `POST /api/auth/register`. The owner is no administrator of the platform: the operator makes administrators.',
  request: { headers: sessionModeHeader, body: jsonBody(newAccountSchema) },
  responses: {
    201: json(sessionSchema, 'The owner, signed in'),
    ...problems(...bodyProblems, commonPassword, originMismatch, emailTaken, setupClosed),
  },
});

export function createFirstOwner(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const { language } = c.var;
    const cookie = sessionCookie(c, publicOrigin);
    return answerSession(c, await accounts.createFirstOwner({ ...c.req.valid('json'), language }), 201, cookie);
  });
}
