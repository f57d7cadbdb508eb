import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { removeMember as remove } from '../../../modules/people/members/remove.ts';
import { lastOwner } from '../../../modules/people/problems.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { holdMember } from '../change-member.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/organization/members/{id}',
  operationId: 'removeMember',
  tags: ['organization'],
  summary: 'Remove a member, or leave',
  description:
    'For administrators and owners, over people who do not stand above them; everybody may remove themselves. The account goes with its sessions, API keys and conversations; documents stay with the organization.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    204: { description: 'Removed' },
    ...problems(invalidRequest, unauthenticated, notFound, lastOwner),
  },
});

export function removeMember(router: Router, { database, queue }: { database: Database; queue: Queue }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    await database.tenant(caller.organizationId, async (tx) =>
      remove(tx, queue, caller, await holdMember(tx, caller, id, null)),
    );
    return c.body(null, 204);
  });
}
