import { createRoute, z } from '@hono/zod-openapi';
import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { outranks } from '../../../modules/people/roles.ts';
import { invalidRequest, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { apiKeySchema, toApiKey } from '../api-key.ts';

const route = createRoute({
  method: 'get',
  path: '/api/keys',
  operationId: 'listKeys',
  tags: ['keys'],
  summary: 'API keys, newest first',
  description: 'Lists your own keys; administrators and owners see those of the whole organization.',
  security: bearer,
  request: { query: pageQuery },
  responses: {
    200: json(z.strictObject({ items: z.array(apiKeySchema), nextCursor: z.string().nullable() }), 'A page of keys'),
    ...problems(invalidRequest, unauthenticated),
  },
});

const { order, after } = newestFirst(apiKeys.createdAt, apiKeys.id);

export function listKeys(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const { cursor, limit } = c.req.valid('query');
    const rows = await database.tenant(caller.organizationId, (tx) =>
      tx
        .select()
        .from(apiKeys)
        .where(
          and(
            outranks('admin', caller.role) ? eq(apiKeys.userId, caller.userId) : undefined,
            after(readCursor(cursor)),
          ),
        )
        .orderBy(...order)
        .limit(limit + 1),
    );
    const items = rows.slice(0, limit).map(toApiKey);
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
