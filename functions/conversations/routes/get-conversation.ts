import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { messages } from '../../../db/schema/legal/messages.ts';
import { sourcesOf, sourcesSchema } from '../../../modules/legal/answers/source-schema.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { conversationSchema, findConversation, toConversation } from '../conversation.ts';

const messageSchema = z
  .strictObject({
    id: z.uuid(),
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    answered: z.boolean().nullable(),
    incomplete: z.boolean().openapi({ description: 'The answer was stopped before its end' }),
    citations: z.array(
      z.strictObject({
        documentId: z.uuid(),
        title: z.string(),
        page: z.int().nullable(),
        start: z.int(),
        end: z.int(),
        quote: z.string(),
      }),
    ),
    model: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Message');

// Not `extend`, which would be described as both at once, and neither allows what the other has.
const conversationWithMessages = z.strictObject({
  ...conversationSchema.shape,
  messages: z.array(messageSchema),
  sources: sourcesSchema,
});

const route = createRoute({
  method: 'get',
  path: '/api/conversations/{id}',
  operationId: 'getConversation',
  tags: ['conversations'],
  summary: 'One conversation with its messages',
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
      const said = await tx.select().from(messages).where(eq(messages.conversationId, id)).orderBy(messages.createdAt);
      const cited = said.flatMap(({ citations }) => citations);
      return { conversation, said, sources: await sourcesOf(tx, cited, c.var.language) };
    });
    const shown = said.map(({ conversationId: _, organizationId: __, createdAt, ...message }) => ({
      ...message,
      createdAt: createdAt.toISOString(),
    }));
    return c.json({ ...toConversation(conversation), messages: shown, sources }, 200);
  });
}
