import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { sourcesOf, sourcesSchema } from '../../../modules/legal/answers/source-schema.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { conversationSchema, findConversation, toConversation } from '../conversation.ts';
import { messageSchema, readMessages } from '../message.ts';

/** Messages that come with their conversation. */
const NEWEST = 100;

// Not `extend`, which would be described as both at once, and neither allows what the other has.
const conversationWithMessages = z.strictObject({
  ...conversationSchema.shape,
  messages: z.array(messageSchema).openapi({ description: `The ${NEWEST} newest, oldest first` }),
  earlierCursor: z.string().nullable().openapi({
    description: '`cursor` of `/api/conversations/{id}/messages` for those before; null if there are none',
  }),
  sources: sourcesSchema,
});

const route = createRoute({
  method: 'get',
  path: '/api/conversations/{id}',
  operationId: 'getConversation',
  tags: ['conversations'],
  summary: 'One conversation with its newest messages',
  description: 'One of your own, or one that a member of your organization shares.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: json(conversationWithMessages, 'The conversation'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function getConversation(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { id } = c.req.valid('param');
    const { conversation, said, sources } = await database.tenant(caller.organizationId, async (tx) => {
      const conversation = await findConversation(tx, id, caller);
      const said = await readMessages(tx, id, { limit: NEWEST });
      const cited = said.items.flatMap(({ citations }) => citations);
      return { conversation, said, sources: await sourcesOf(tx, cited, c.var.language) };
    });
    const shown = { messages: said.items.toReversed(), earlierCursor: said.nextCursor, sources };
    return c.json({ ...toConversation(conversation, caller), ...shown }, 200);
  });
}
