import { createRoute, z } from '@hono/zod-openapi';
import { and, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { organizationSchema, toOrganization } from '../organization.ts';
import { recordRead } from '../record-read.ts';

const route = createRoute({
  method: 'get',
  path: '/api/admin/organizations',
  operationId: 'listOrganizations',
  tags: ['administration'],
  summary: 'All organizations, newest first',
  security: bearer,
  request: {
    query: pageQuery.extend({
      search: words(200).optional().openapi({ description: 'Part of the name or of a member’s e-mail address' }),
    }),
  },
  responses: {
    200: json(z.strictObject({ items: z.array(organizationSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const { order, after } = newestFirst(organizations.createdAt, organizations.id);

export function listOrganizations(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, search } = c.req.valid('query');
    const rows = await database.transaction(async (tx) => {
      await recordRead(tx, c.var.caller, 'list-organizations', { search });
      return tx
        .select()
        .from(organizations)
        .where(and(search === undefined ? undefined : matches(search), after(readCursor(cursor))))
        .orderBy(...order)
        .limit(limit + 1);
    });
    const items = rows.slice(0, limit).map(toOrganization);
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}

/** Letters in any case; nothing in it is a pattern. */
const matches = (search: string) => sql`(
  strpos(lower(${organizations.name}), lower(${search})) > 0
  or exists (
    select 1 from ${users}
    where ${users.organizationId} = ${organizations.id} and strpos(lower(${users.email}), lower(${search})) > 0))`;
