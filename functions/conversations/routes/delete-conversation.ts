import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findOwnConversation, ownConversation } from '../conversation.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/conversations/{id}',
  operationId: 'deleteConversation',
  tags: ['conversations'],
  summary: 'Delete a conversation',
  security: bearer,
  request: { params: idParameter },
  responses: { 204: { description: 'Deleted' }, ...problems(invalidRequest, unauthenticated, notFound) },
});

export function deleteConversation(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    await database.tenant(caller.organizationId, async (tx) => {
      await findOwnConversation(tx, id, caller);
      const deleted = await tx.delete(conversations).where(ownConversation(id, caller)).returning();
      if (deleted.length === 0) return; // another request was quicker
      const { organizationId, userId: actorId, keyId } = caller;
      await recordAct(tx, { organizationId, actorId, keyId, action: 'delete-conversation', target: id });
    });
    return c.body(null, 204);
  });
}
