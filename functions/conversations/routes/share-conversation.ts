import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { conversationSchema, toConversation } from '../conversation.ts';
import { setSharing } from '../set-sharing.ts';

const MOST_READERS = 200;

const shareRoute = createRoute({
  method: 'put',
  path: '/api/conversations/{id}/share',
  operationId: 'shareConversation',
  tags: ['conversations'],
  summary: 'Share a conversation with your organization',
  description:
    'All members may read and export it, with what is added later, until sharing is stopped, or the conversation or its owner is deleted. People outside the organization cannot read it. Takes the place of chosen readers.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(conversationSchema, 'The shared conversation'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const readersRoute = createRoute({
  method: 'put',
  path: '/api/conversations/{id}/readers',
  operationId: 'chooseReaders',
  tags: ['conversations'],
  summary: 'Share a conversation with chosen members',
  description:
    'Exactly these members of your organization may read and export it, with what is added later; who is not among them no longer may. Takes the place of sharing with the whole organization.',
  security: bearer,
  request: {
    params: idParameter,
    body: jsonBody(z.strictObject({ userIds: z.array(z.uuid()).min(1).max(MOST_READERS) })),
  },
  responses: {
    200: json(conversationSchema, 'The shared conversation'),
    ...problems(...bodyProblems, unauthenticated, notFound),
  },
});

const stopRoute = createRoute({
  method: 'delete',
  path: '/api/conversations/{id}/share',
  operationId: 'stopSharingConversation',
  tags: ['conversations'],
  summary: 'Stop sharing a conversation',
  description: 'With the organization and with chosen members.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(conversationSchema, 'The conversation'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function shareConversation(router: Router, { database }: { database: Database }): void {
  router.openapi(shareRoute, async (c) => {
    const { caller } = c.var;
    const shared = await setSharing(database, caller, c.req.valid('param').id, { with: 'organization' });
    return c.json(toConversation(shared, caller), 200);
  });
  router.openapi(readersRoute, async (c) => {
    const { caller } = c.var;
    const { userIds } = c.req.valid('json');
    const shared = await setSharing(database, caller, c.req.valid('param').id, { with: 'members', userIds });
    return c.json(toConversation(shared, caller), 200);
  });
  router.openapi(stopRoute, async (c) => {
    const { caller } = c.var;
    const shared = await setSharing(database, caller, c.req.valid('param').id, { with: 'owner' });
    return c.json(toConversation(shared, caller), 200);
  });
}
