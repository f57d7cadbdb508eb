import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { bodyProblems, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { emailSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/forgot-password',
  operationId: 'requestPasswordReset',
  tags: ['auth'],
  summary: 'Ask for an e-mail to choose a new password',
  description:
    'The response does not reveal whether an account has this address. At most one e-mail per minute is sent.',
  request: { body: jsonBody(z.strictObject({ email: emailSchema })) },
  responses: {
    202: { description: 'If an account has this address, an e-mail is being sent' },
    ...problems(...bodyProblems),
  },
});

export function forgotPassword(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    await accounts.forgotPassword(c.req.valid('json').email);
    return c.body(null, 202);
  });
}
