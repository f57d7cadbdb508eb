import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { commonPassword, invalidEmailToken, organizationSuspended } from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { endedAccessSchema, mailedTokenSchema, newPasswordSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/reset-password',
  operationId: 'resetPassword',
  tags: ['auth'],
  summary: 'Choose a new password with the token of an e-mail',
  description:
    'The token works once and for an hour. Every session and API key of the account ends. An e-mail tells you how many.',
  request: { body: jsonBody(z.strictObject({ token: mailedTokenSchema, password: newPasswordSchema })) },
  responses: {
    200: json(endedAccessSchema, 'The new password is set'),
    ...problems(...bodyProblems, commonPassword, invalidEmailToken, organizationSuspended),
  },
});

export function resetPassword(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    const { token, password } = c.req.valid('json');
    return c.json(await accounts.resetPassword(token, password), 200);
  });
}
