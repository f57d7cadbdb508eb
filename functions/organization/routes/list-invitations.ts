import { createRoute, z } from '@hono/zod-openapi';
import { and } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { invitations } from '../../../db/schema/people/invitations.ts';
import { openInvitations } from '../../../modules/people/accounts/index.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { invitationSchema, toInvitation } from '../invitation.ts';

const route = createRoute({
  method: 'get',
  path: '/api/organization/invitations',
  operationId: 'listInvitations',
  tags: ['organization'],
  summary: 'Open invitations, newest first',
  description: 'Lists invitations that can still be accepted. For administrators and owners.',
  security: bearer,
  request: { query: pageQuery },
  responses: {
    200: json(z.strictObject({ items: z.array(invitationSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const { order, after } = newestFirst(invitations.createdAt, invitations.id);

export function listInvitations(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { cursor, limit } = c.req.valid('query');
    const rows = await database.tenant(caller.organizationId, (tx) =>
      tx
        .select()
        .from(invitations)
        .where(and(openInvitations(caller.organizationId), after(readCursor(cursor))))
        .orderBy(...order)
        .limit(limit + 1),
    );
    const items = rows.slice(0, limit).map(toInvitation);
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
