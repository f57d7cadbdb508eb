import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import { invalidEmailToken, organizationSuspended } from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { endedAccessSchema, mailedTokenSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/confirm-email',
  operationId: 'confirmEmail',
  tags: ['auth'],
  summary: 'Confirm an address with the token of an e-mail',
  description:
    'The token works once and for 3 days. The first confirmation ends all sessions and API keys from before it; sign in again afterwards. An e-mail tells you how many.',
  request: { body: jsonBody(z.strictObject({ token: mailedTokenSchema })) },
  responses: {
    200: json(endedAccessSchema, 'Confirmed'),
    ...problems(...bodyProblems, invalidEmailToken, organizationSuspended),
  },
});

export function confirmEmail(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => c.json(await accounts.confirmEmail(c.req.valid('json').token), 200));
}
