import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { users } from '../../../db/schema/people/users.ts';
import { unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { memberColumns, memberSchema, toMember } from '../member.ts';

const route = createRoute({
  method: 'get',
  path: '/api/organization/members',
  operationId: 'listMembers',
  tags: ['organization'],
  summary: 'The people of your organization',
  security: bearer,
  responses: { 200: json(z.strictObject({ items: z.array(memberSchema) }), 'Members'), ...problems(unauthenticated) },
});

export function listMembers(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const rows = await database.tenant(organizationId, (tx) =>
      tx
        .select(memberColumns)
        .from(users)
        .where(eq(users.organizationId, organizationId))
        .orderBy(users.createdAt, users.id),
    );
    return c.json({ items: rows.map(toMember) }, 200);
  });
}
