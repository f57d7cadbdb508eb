import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { userRoles } from '../../../db/schema/people/users.ts';
import { changeRole as change } from '../../../modules/people/members/change-role.ts';
import { lastOwner } from '../../../modules/people/problems.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { holdMember } from '../change-member.ts';
import { memberSchema, toMember } from '../member.ts';

const route = createRoute({
  method: 'patch',
  path: '/api/organization/members/{id}',
  operationId: 'changeMemberRole',
  tags: ['organization'],
  summary: 'Give a member another role',
  description:
    'For administrators and owners, over people who do not stand above them, and up to their own role. The member’s access tokens end at once; refreshing gives one with the new role.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(z.strictObject({ role: z.enum(userRoles) })) },
  responses: {
    200: json(memberSchema, 'The member'),
    ...problems(...bodyProblems, unauthenticated, notFound, lastOwner),
  },
});

export function changeRole(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    const { role } = c.req.valid('json');
    const member = await database.tenant(caller.organizationId, async (tx) => {
      const before = await holdMember(tx, caller, id, role);
      if (before.role === role) return before;
      return change(tx, caller, before, role);
    });
    return c.json(toMember(member), 200);
  });
}
