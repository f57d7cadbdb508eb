import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../platform/capabilities/accounts/index.ts';
import { bodyProblems, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { mailedTokenSchema, newPasswordSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/reset-password',
  tags: ['auth'],
  summary: 'Choose a new password with the token of an e-mail',
  description: 'The token works once and for an hour. Every session ends; API keys stay.',
  request: { body: jsonBody(z.strictObject({ token: mailedTokenSchema, password: newPasswordSchema })) },
  responses: {
    204: { description: 'The new password holds' },
    ...problems(...bodyProblems, 'invalid-email-token', 'organization-suspended'),
  },
});

export function resetPassword(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    const { token, password } = c.req.valid('json');
    await accounts.resetPassword(token, password);
    return c.body(null, 204);
  });
}
