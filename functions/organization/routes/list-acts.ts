import { createRoute, z } from '@hono/zod-openapi';
import { and } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { auditLog } from '../../../db/schema/people/audit-log.ts';
import { type ActFilter, matchesActs } from '../../../modules/people/audit/read-acts.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const actSchema = z
  .strictObject({
    id: z.uuid(),
    actorId: z.uuid().nullable().openapi({ description: 'null for actions of the platform or its operator' }),
    actor: z.string().openapi({
      description: 'E-mail address at that time, `operator` or `platform`; `unknown` for a failed sign-in',
    }),
    action: z.string().openapi({ example: 'change-role' }),
    target: z.string().nullable().openapi({ description: 'Target of the action: an id or an address' }),
    details: z.record(z.string(), z.unknown()),
    address: z.string().nullable().openapi({
      description: 'Address of the client; null without a request and for entries from before addresses were stored',
      example: '203.0.113.7',
    }),
    createdAt: z.iso.datetime(),
  })
  .openapi('Act');

/** The database knows no year 0. */
const moment = z.iso
  .datetime({ offset: true })
  .refine((at) => Date.parse(at) >= 0, { message: 'must not be before 1970' })
  .optional();

/** Also of the export. */
export const actsFilter = z.object({
  actorId: z.uuid().optional(),
  action: z.string().min(1).max(100).optional().openapi({ example: 'change-role' }),
  from: moment.openapi({ description: 'Earliest moment (inclusive)' }),
  to: moment.openapi({ description: 'Latest moment (exclusive)' }),
});

const actsQuery = pageQuery.extend(actsFilter.shape);

export const toFilter = ({ from, to, ...filter }: z.output<typeof actsFilter>): ActFilter => ({
  ...filter,
  from: from === undefined ? undefined : new Date(from),
  to: to === undefined ? undefined : new Date(to),
});

const route = createRoute({
  method: 'get',
  path: '/api/organization/audit',
  operationId: 'listActs',
  tags: ['organization'],
  summary: 'Who did what, newest first',
  description:
    'Sign-ins and failed ones, sign-outs, changes of people, keys, documents and the subscription, downloads, exports, and what administrators of the platform looked at. For administrators and owners.',
  security: bearer,
  request: { query: actsQuery },
  responses: {
    200: json(z.strictObject({ items: z.array(actSchema), nextCursor: z.string().nullable() }), 'A page'),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const { order, after } = newestFirst(auditLog.createdAt, auditLog.id);

export function listActs(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { cursor, limit, ...filter } = c.req.valid('query');
    const rows = await database.tenant(caller.organizationId, (tx) =>
      tx
        .select()
        .from(auditLog)
        .where(and(matchesActs(toFilter(filter)), after(readCursor(cursor))))
        .orderBy(...order)
        .limit(limit + 1),
    );
    const items = rows
      .slice(0, limit)
      .map(({ organizationId: _, createdAt, ...act }) => ({ ...act, createdAt: createdAt.toISOString() }));
    return c.json({ items, nextCursor: nextCursor(items, rows.length > limit) }, 200);
  });
}
