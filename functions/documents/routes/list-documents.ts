import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { documentStatuses, documents, documentTypes } from '../../../db/schema/legal/documents.ts';
import { preparedByConditions, prepareSelect } from '../../../db/statements/prepared-statement.ts';
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

const placeholder = sql.placeholder;
const pages = newestFirst(documents.createdAt, documents.id);
const conditions = {
  status: eq(documents.status, placeholder('status')),
  type: eq(documents.type, placeholder('type')),
  language: eq(documents.language, placeholder('language')),
  words: sql`${documents.title} ilike all (select jsonb_array_elements_text(${placeholder('words')}::jsonb))`,
  after: pages.after({ at: placeholder('at'), id: placeholder('id') }),
};
type Condition = keyof typeof conditions;

export function listDocuments(router: Router, { database }: { database: Database }): void {
  const selectBy = preparedByConditions((given: ReadonlySet<Condition>) => {
    const where = and(
      given.has('status') ? undefined : ne(documents.status, 'replaced'),
      ...Array.from(given, (name) => conditions[name]),
    );
    const order = sql.join(pages.order, sql`, `);
    return prepareSelect(
      shownColumns,
      sql`from ${documents} where ${where} order by ${order} limit ${placeholder('limit')}`,
    );
  });
  router.openapi(route, async (c) => {
    const { cursor, limit, status, type, language, query = '' } = c.req.valid('query');
    const after = readCursor(cursor);
    const words = titleWords(query);
    const given = Object.entries({ status, type, language, after, words: words.length > 0 || undefined });
    const select = selectBy(given.flatMap(([name, value]) => (value === undefined ? [] : [name as Condition])));
    const rows = await select(database, c.var.caller.organizationId, {
      ...{ status: status ?? null, type: type ?? null, language: language ?? null, limit: limit + 1 },
      ...{ words: JSON.stringify(words), at: after?.at ?? null, id: after?.id ?? null },
    });
    const items = rows.slice(0, limit).map((row) => toDocument(row, c.var.language));
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}

/** As patterns in which nothing but the words themselves has a meaning. */
const titleWords = (query: string): string[] =>
  query
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => `%${word.toWellFormed().replaceAll(/[\\%_]/g, '\\$&')}%`);
