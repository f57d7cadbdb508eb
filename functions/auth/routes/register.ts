import { createRoute } from '@hono/zod-openapi';
import { commonPassword, emailTaken, originMismatch } from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, newAccountSchema, type SignInDeps, sessionSchema } from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/register',
  operationId: 'register',
  tags: ['auth'],
  summary: 'Create an organization and its owner',
  description:
    'An e-mail with a token to confirm the address follows. `Accept-Language` decides on the language of e-mails to the owner.',
  request: {
    headers: sessionModeHeader,
    body: jsonBody(newAccountSchema),
  },
  responses: {
    201: json(sessionSchema, 'The owner, signed in'),
    ...problems(...bodyProblems, commonPassword, originMismatch, emailTaken),
  },
});

export function register(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const { language } = c.var;
    const cookie = sessionCookie(c, publicOrigin);
    return answerSession(c, await accounts.register({ ...c.req.valid('json'), language }), 201, cookie);
  });
}
