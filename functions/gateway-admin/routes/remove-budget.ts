import { createRoute } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { budgets } from '../../../db/schema/commerce/budgets.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/gateway/budgets/{id}',
  operationId: 'removeBudget',
  tags: ['gateway'],
  summary: 'Remove a budget',
  description: 'For administrators and owners. Takes effect at once.',
  security: bearer,
  request: { params: idParameter },
  responses: { 204: { description: 'Removed' }, ...problems(invalidRequest, unauthenticated, notFound) },
});

export function removeBudget(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { organizationId, userId } = caller;
    const { id } = c.req.valid('param');
    await database.tenant(organizationId, async (tx) => {
      const [removed] = await tx.delete(budgets).where(eq(budgets.id, id)).returning();
      if (!removed) throw new Problem(notFound);
      const { scope, scopeId, window } = removed;
      const act = { organizationId, actorId: userId, action: 'remove-budget', target: id };
      await recordAct(tx, { ...act, details: { scope, scopeId, window } });
    });
    return c.body(null, 204);
  });
}
