import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { commonPassword, emailTaken } from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, emailSchema, newPasswordSchema, sessionSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/register',
  operationId: 'register',
  tags: ['auth'],
  summary: 'Create an organization and its owner',
  description:
    'An e-mail with a token to confirm the address follows. `Accept-Language` decides on the language of e-mails to the owner.',
  request: {
    body: jsonBody(
      z.strictObject({
        email: emailSchema,
        password: newPasswordSchema,
        organization: words(200),
      }),
    ),
  },
  responses: {
    201: json(sessionSchema, 'The owner, signed in'),
    ...problems(...bodyProblems, commonPassword, emailTaken),
  },
});

export function register(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    const { language } = c.var;
    return answerSession(c, await accounts.register({ ...c.req.valid('json'), language }), 201);
  });
}
