import { createRoute } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/resend-confirmation',
  operationId: 'resendConfirmation',
  tags: ['auth'],
  summary: 'Ask again for the e-mail that confirms your address',
  description: 'Nothing is sent if the address is already confirmed or an e-mail was sent within the last minute.',
  security: bearer,
  responses: { 202: { description: 'An e-mail is being sent if one is needed' }, ...problems(unauthenticated) },
});

export function resendConfirmation(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    await accounts.resendConfirmation(c.var.caller.userId);
    return c.body(null, 202);
  });
}
