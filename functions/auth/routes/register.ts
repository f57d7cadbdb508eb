import { createRoute, z } from '@hono/zod-openapi';
import type { Accounts } from '../../../platform/capabilities/accounts/index.ts';
import { bodyProblems, json, jsonBody, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { emailSchema, sessionSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/register',
  tags: ['auth'],
  summary: 'Create an organization and its owner',
  request: {
    body: jsonBody(
      z.strictObject({
        email: emailSchema,
        password: z.string().min(8).max(256),
        organization: words(200),
      }),
    ),
  },
  responses: {
    201: json(sessionSchema, 'The owner, signed in'),
    ...problems(...bodyProblems, 'email-taken'),
  },
});

export function register(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => c.json(await accounts.register(c.req.valid('json')), 201));
}
