import { createRoute, z } from '@hono/zod-openapi';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documentStatuses, documents } from '../../../db/schema/documents.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { documentSchema, toDocument } from '../document.ts';

const route = createRoute({
  method: 'get',
  path: '/api/documents',
  tags: ['documents'],
  summary: 'Your documents, newest first',
  security: bearer,
  request: { query: pageQuery.extend({ status: z.enum(documentStatuses).optional() }) },
  responses: {
    200: json(
      z.strictObject({ items: z.array(documentSchema), nextCursor: z.string().nullable() }),
      'A page of documents',
    ),
    ...problems('invalid-request', 'unauthenticated'),
  },
});

export function listDocuments(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, status } = c.req.valid('query');
    const after = readCursor(cursor);
    const rows = await database.tenant(c.var.caller.organizationId, (tx) =>
      tx
        .select()
        .from(documents)
        .where(
          and(
            status && eq(documents.status, status),
            after && sql`(${documents.createdAt}, ${documents.id}) < (${after.at}::timestamptz, ${after.id}::uuid)`,
          ),
        )
        .orderBy(desc(documents.createdAt), desc(documents.id))
        .limit(limit + 1),
    );
    const items = rows.slice(0, limit).map((row) => toDocument(row, c.var.language));
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
