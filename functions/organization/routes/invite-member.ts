import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { userRoles } from '../../../db/schema/people/users.ts';
import { planLimitReached } from '../../../modules/commerce/problems.ts';
import { emailTaken, emailUnconfirmed } from '../../../modules/people/problems.ts';
import { outranks, requireRole } from '../../../modules/people/roles.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  notFound,
  unauthenticated,
} from '../../../platform/kernel/problems.ts';
import { tokenIssuedAt } from '../../../platform/runtime/http/authenticate.ts';
import {
  bearer,
  bodyProblems,
  idempotencyHeader,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { type Invitation, invitationSchema, toInvitation } from '../invitation.ts';
import { invite } from '../invite.ts';

const route = createRoute({
  method: 'post',
  path: '/api/organization/invitations',
  operationId: 'createInvitation',
  tags: ['organization'],
  summary: 'Invite somebody by e-mail',
  description:
    'For administrators and owners whose address is confirmed, up to their own role. The invitation works once, for this address and for 7 days. Inviting an address again replaces the earlier invitation. People and open invitations together may be as many as the plan has room for.',
  security: bearer,
  request: {
    headers: idempotencyHeader,
    body: jsonBody(
      z.strictObject({
        email: z.email().max(254),
        role: z.enum(userRoles).default('member'),
        language: z
          .enum(['ru', 'en'])
          .optional()
          .openapi({ description: 'Language of the e-mail; default: the language of the request' }),
      }),
    ),
  },
  responses: {
    201: json(invitationSchema, 'The invitation, which is on its way'),
    ...problems(
      ...bodyProblems,
      unauthenticated,
      emailUnconfirmed,
      planLimitReached,
      notFound,
      emailTaken,
      idempotencyConflict,
      idempotencyMismatch,
    ),
  },
});

interface InviteDeps {
  database: Database;
  idempotency: Idempotency;
  notifications: Notifications;
}

export function inviteMember(router: Router, { database, idempotency, notifications }: InviteDeps): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { email, role, language = c.var.language } = c.req.valid('json');
    requireRole(caller, 'admin');
    if (outranks(role, caller.role)) throw new Problem(notFound);
    const issuedAt = tokenIssuedAt(c);
    const request = idempotentRequest(c.req.valid('header')['idempotency-key'], route.path, email, role);
    const made = await idempotency.once<Invitation>(caller, request, (keep) =>
      database.tenant(caller.organizationId, async (tx) => {
        const result = toInvitation(await invite(tx, { notifications }, caller, { email, role, language, issuedAt }));
        await keep(tx, result);
        return result;
      }),
    );
    return c.json(made, 201);
  });
}
