import { createRoute, z } from '@hono/zod-openapi';
import { requireMemberRoom } from '../../../modules/commerce/metering/index.ts';
import { planLimitReached } from '../../../modules/commerce/problems.ts';
import type { Accounts } from '../../../modules/people/accounts/index.ts';
import {
  commonPassword,
  emailTaken,
  invalidInvitation,
  organizationSuspended,
} from '../../../modules/people/problems.ts';
import { bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerSession, emailSchema, mailedTokenSchema, newPasswordSchema, sessionSchema } from '../session.ts';

const route = createRoute({
  method: 'post',
  path: '/api/auth/accept-invitation',
  operationId: 'acceptInvitation',
  tags: ['auth'],
  summary: 'Join the organization that invited you',
  description: 'Works once, within 7 days, for the invited address, and only if the plan has room.',
  request: {
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
      organizationSuspended,
    ),
  },
});

export function acceptInvitation(router: Router, { accounts }: { accounts: Accounts }): void {
  router.openapi(route, async (c) => {
    const { language } = c.var;
    return answerSession(
      c,
      await accounts.acceptInvitation({ ...c.req.valid('json'), language }, requireMemberRoom),
      201,
    );
  });
}
