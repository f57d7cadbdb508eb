import { createRoute } from '@hono/zod-openapi';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { invitations } from '../../../db/schema/people/invitations.ts';
import { openInvitations } from '../../../modules/people/accounts/index.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/organization/invitations/{id}',
  operationId: 'withdrawInvitation',
  tags: ['organization'],
  summary: 'Withdraw an invitation',
  description: 'Withdraws an open invitation. For administrators and owners.',
  security: bearer,
  request: { params: idParameter },
  responses: { 204: { description: 'Withdrawn' }, ...problems(invalidRequest, unauthenticated, notFound) },
});

export function withdrawInvitation(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { organizationId, userId: actorId } = caller;
    const { id } = c.req.valid('param');
    await database.tenant(organizationId, async (tx) => {
      const [withdrawn] = await tx
        .update(invitations)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(invitations.id, id), openInvitations(organizationId)))
        .returning();
      if (!withdrawn) throw new Problem(notFound);
      const details = { email: withdrawn.email };
      await recordAct(tx, { organizationId, actorId, action: 'withdraw-invitation', target: id, details });
    });
    return c.body(null, 204);
  });
}
