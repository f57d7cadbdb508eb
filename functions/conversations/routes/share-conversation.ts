import { createRoute } from '@hono/zod-openapi';
import { and, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import {
  type ConversationRow,
  conversationSchema,
  findOwnConversation,
  ownConversation,
  toConversation,
} from '../conversation.ts';

const shareRoute = createRoute({
  method: 'put',
  path: '/api/conversations/{id}/share',
  operationId: 'shareConversation',
  tags: ['conversations'],
  summary: 'Share a conversation with your organization',
  description:
    'All members may read and export it, with what is added later, until sharing is stopped, or the conversation or its owner is deleted. People outside the organization cannot read it.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(conversationSchema, 'The shared conversation'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const stopRoute = createRoute({
  method: 'delete',
  path: '/api/conversations/{id}/share',
  operationId: 'stopSharingConversation',
  tags: ['conversations'],
  summary: 'Stop sharing a conversation',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(conversationSchema, 'The conversation'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function shareConversation(router: Router, { database }: { database: Database }): void {
  router.openapi(shareRoute, async (c) =>
    c.json(toConversation(await setShared(database, c.var.caller, c.req.valid('param').id, true), c.var.caller), 200),
  );
  router.openapi(stopRoute, async (c) =>
    c.json(toConversation(await setShared(database, c.var.caller, c.req.valid('param').id, false), c.var.caller), 200),
  );
}

/** What is as it should be stays so, and is not recorded again. @throws Problem not-found */
const setShared = (database: Database, caller: Caller, id: string, isShared: boolean): Promise<ConversationRow> =>
  database.tenant(caller.organizationId, async (tx) => {
    const { organizationId, userId: actorId, keyId } = caller;
    const changed = await tx
      .update(conversations)
      .set({ sharedAt: isShared ? sql`now()` : null })
      .where(and(ownConversation(id, caller), (isShared ? isNull : isNotNull)(conversations.sharedAt)))
      .returning({ id: conversations.id });
    const action = isShared ? 'share-conversation' : 'stop-sharing-conversation';
    if (changed.length > 0) await recordAct(tx, { organizationId, actorId, keyId, action, target: id });
    return findOwnConversation(tx, id, caller);
  });
