import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
  words,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { conversationSchema, findOwnConversation, ownConversation, toConversation } from '../conversation.ts';

const route = createRoute({
  method: 'patch',
  path: '/api/conversations/{id}',
  operationId: 'renameConversation',
  tags: ['conversations'],
  summary: 'Rename a conversation',
  security: bearer,
  request: { params: idParameter, body: jsonBody(z.strictObject({ title: words(200) })) },
  responses: {
    200: json(conversationSchema, 'The renamed conversation'),
    ...problems(...bodyProblems, unauthenticated, notFound),
  },
});

export function renameConversation(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    const { title } = c.req.valid('json');
    const renamed = await database.tenant(caller.organizationId, async (tx) => {
      await tx.update(conversations).set({ title }).where(ownConversation(id, caller));
      return findOwnConversation(tx, id, caller);
    });
    return c.json(toConversation(renamed, caller), 200);
  });
}
