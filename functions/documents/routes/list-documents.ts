import { createRoute, z } from '@hono/zod-openapi';
import { and, desc, eq, ilike, ne, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documentStatuses, documents, documentTypes } from '../../../db/schema/legal/documents.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { documentSchema, shownColumns, toDocument } from '../document.ts';

const filters = pageQuery.extend({
  status: z.enum(documentStatuses).optional().openapi({ description: 'Replaced documents are listed only on request' }),
  type: z.enum(documentTypes).optional(),
  language: z.enum(['ru', 'en']).optional(),
  query: words(200).optional().openapi({ description: 'Words of the title or parts of them' }),
});

const route = createRoute({
  method: 'get',
  path: '/api/documents',
  operationId: 'listDocuments',
  tags: ['documents'],
  summary: 'Your documents, newest first',
  security: bearer,
  request: { query: filters },
  responses: {
    200: json(
      z.strictObject({ items: z.array(documentSchema), nextCursor: z.string().nullable() }),
      'A page of documents',
    ),
    ...problems(invalidRequest, unauthenticated),
  },
});

export function listDocuments(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, status, type, language, query = '' } = c.req.valid('query');
    const after = readCursor(cursor);
    const rows = await database.tenant(c.var.caller.organizationId, (tx) =>
      tx
        .select(shownColumns)
        .from(documents)
        .where(
          and(
            status ? eq(documents.status, status) : ne(documents.status, 'replaced'),
            type && eq(documents.type, type),
            language && eq(documents.language, language),
            ...titleWords(query).map((word) => ilike(documents.title, `%${word}%`)),
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

/** As patterns in which nothing but the words themselves has a meaning. */
const titleWords = (query: string): string[] =>
  query
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replaceAll(/[\\%_]/g, '\\$&'));
