import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../platform/capabilities/accounts/index.ts';
import { bodyProblems, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { mailedTokenSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/confirm-email',
  tags: ['auth'],
  summary: 'Confirm an address with the token of an e-mail',
  description: 'The token works once and for 3 days.',
  request: { body: jsonBody(z.strictObject({ token: mailedTokenSchema })) },
  responses: { 204: { description: 'Confirmed' }, ...problems(...bodyProblems, 'invalid-email-token') },
});

export function confirmEmail(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    await accounts.confirmEmail(c.req.valid('json').token);
    return c.body(null, 204);
  });
}
