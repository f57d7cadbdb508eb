import { createRoute, z } from '@hono/zod-openapi';
import {
  commonPassword,
  invalidCredentials,
  organizationSuspended,
  originMismatch,
  tooManySignIns,
} from '../../../modules/people/problems.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, newPasswordSchema, originOf, type SignInDeps, sessionSchema } from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const changedPasswordSchema = z.strictObject({
  ...sessionSchema.shape,
  revokedKeys: z.int().openapi({ description: 'Number of API keys revoked' }),
});

const route = createRoute({
  method: 'post',
  path: '/api/auth/change-password',
  operationId: 'changePassword',
  tags: ['auth'],
  summary: 'Choose a new password',
  description:
    'Every other session ends; API keys stay unless `revokeKeys` is true. An e-mail tells you. Wrong current passwords are counted with those of signing in.',
  security: bearer,
  request: {
    headers: sessionModeHeader,
    body: jsonBody(
      z.strictObject({
        current: z.string().min(1).max(256),
        password: newPasswordSchema,
        revokeKeys: z.boolean().optional().openapi({ description: 'Also revokes your API keys' }),
      }),
    ),
  },
  responses: {
    200: json(changedPasswordSchema, 'The session that stays'),
    ...problems(
      ...bodyProblems,
      commonPassword,
      unauthenticated,
      invalidCredentials,
      originMismatch,
      organizationSuspended,
      tooManySignIns,
    ),
  },
});

export function changePassword(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const cookie = sessionCookie(c, publicOrigin);
    const session = await accounts.changePassword(c.var.caller.userId, c.req.valid('json'), originOf(c));
    return answerSession(c, session, 200, cookie);
  });
}
