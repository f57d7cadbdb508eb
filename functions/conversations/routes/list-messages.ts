import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { sourcesOf, sourcesSchema } from '../../../modules/legal/answers/source-schema.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { pageQuery } from '../../../platform/runtime/http/cursor.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findConversation } from '../conversation.ts';
import { messageSchema, readMessages } from '../message.ts';

const page = z.strictObject({
  items: z.array(messageSchema),
  sources: sourcesSchema,
  nextCursor: z.string().nullable(),
});

const route = createRoute({
  method: 'get',
  path: '/api/conversations/{id}/messages',
  operationId: 'listMessages',
  tags: ['conversations'],
  summary: 'Messages of a conversation, newest first',
  security: bearer,
  request: { params: idParameter, query: pageQuery },
  responses: { 200: json(page, 'A page'), ...problems(invalidRequest, unauthenticated, notFound) },
});

export function listMessages(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller, language } = c.var;
    const { id } = c.req.valid('param');
    const shown = await database.tenant(caller.organizationId, async (tx) => {
      await findConversation(tx, id, caller);
      const { items, nextCursor } = await readMessages(tx, id, c.req.valid('query'));
      const cited = items.flatMap(({ citations }) => citations);
      return { items, sources: await sourcesOf(tx, cited, language), nextCursor };
    });
    return c.json(shown, 200);
  });
}
