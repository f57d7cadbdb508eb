import { createRoute } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import { revokeTokens } from '../../../modules/people/identity/index.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { holdMember } from '../change-member.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/organization/members/{id}',
  tags: ['organization'],
  summary: 'Remove a member, or leave',
  description:
    'For administrators and owners, over people who do not stand above them; everybody may remove themselves. The account goes with its sessions, API keys and conversations; documents stay with the organization.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    204: { description: 'Removed' },
    ...problems('invalid-request', 'unauthenticated', 'not-found', 'last-owner'),
  },
});

export function removeMember(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    const { organizationId, userId: actorId } = caller;
    await database.tenant(organizationId, async (tx) => {
      const { email, role } = await holdMember(tx, caller, id, null);
      // Before the row goes, since the actor's address may be on it.
      const action = id === actorId ? 'leave-organization' : 'remove-member';
      await recordAct(tx, { organizationId, actorId, action, target: id, details: { email, role } });
      await tx.delete(users).where(eq(users.id, id));
      await revokeTokens(tx, id);
    });
    return c.body(null, 204);
  });
}
