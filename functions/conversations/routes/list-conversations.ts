import { createRoute, z } from '@hono/zod-openapi';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { conversations } from '../../../db/schema/legal/conversations.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { conversationSchema, toConversation } from '../conversation.ts';

const route = createRoute({
  method: 'get',
  path: '/api/conversations',
  operationId: 'listConversations',
  tags: ['conversations'],
  summary: 'Your conversations, newest first',
  security: bearer,
  request: { query: pageQuery },
  responses: {
    200: json(z.strictObject({ items: z.array(conversationSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated),
  },
});

export function listConversations(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit } = c.req.valid('query');
    const { caller } = c.var;
    const after = readCursor(cursor);
    const rows = await database.tenant(caller.organizationId, (tx) =>
      tx
        .select()
        .from(conversations)
        .where(
          and(
            eq(conversations.userId, caller.userId),
            after &&
              sql`(${conversations.createdAt}, ${conversations.id}) < (${after.at}::timestamptz, ${after.id}::uuid)`,
          ),
        )
        .orderBy(desc(conversations.createdAt), desc(conversations.id))
        .limit(limit + 1),
    );
    const items = rows.slice(0, limit).map(toConversation);
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
