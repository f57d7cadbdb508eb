import { createRoute, z } from '@hono/zod-openapi';
import { requireMemberRoom } from '../../../modules/commerce/metering/index.ts';
import { planLimitReached } from '../../../modules/commerce/problems.ts';
import {
  commonPassword,
  emailTaken,
  invalidInvitation,
  organizationSuspended,
  originMismatch,
} from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import {
  answerSession,
  emailSchema,
  mailedTokenSchema,
  newPasswordSchema,
  type SignInDeps,
  sessionSchema,
} from '../session.ts';
import { sessionCookie, sessionModeHeader } from '../session-cookie.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/accept-invitation',
  operationId: 'acceptInvitation',
  tags: ['auth'],
  summary: 'Join the organization that invited you',
  description: 'Works once, within 7 days, for the invited address, and only if the plan has room.',
  request: {
    headers: sessionModeHeader,
    body: jsonBody(z.strictObject({ token: mailedTokenSchema, email: emailSchema, password: newPasswordSchema })),
  },
  responses: {
    201: json(sessionSchema, 'The new member, signed in'),
    ...problems(
      ...bodyProblems,
      commonPassword,
      invalidInvitation,
      emailTaken,
      planLimitReached,
      originMismatch,
      organizationSuspended,
    ),
  },
});

export function acceptInvitation(router: Router, { accounts, publicOrigin }: SignInDeps): void {
  router.openapi(route, async (c) => {
    const { language } = c.var;
    const cookie = sessionCookie(c, publicOrigin);
    const session = await accounts.acceptInvitation({ ...c.req.valid('json'), language }, requireMemberRoom);
    return answerSession(c, session, 201, cookie);
  });
}
