import { createRoute, z } from '@hono/zod-openapi';
import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { newestFirst } from '../../../db/newest-first.ts';
import { usageTotals } from '../../../db/schema/commerce/usage-totals.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { nextCursor, pageQuery, readCursor } from '../../../platform/runtime/http/cursor.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { recordRead } from '../record-read.ts';

const usedSchema = z
  .strictObject({
    organizationId: z.uuid(),
    name: z.string(),
    tier: z.string(),
    count: z.int(),
    promptTokens: z.int(),
    completionTokens: z.int(),
    cachedTokens: z.int(),
    cost: z.string().openapi({ description: 'Roubles with eight decimals' }),
  })
  .openapi('OrganizationUsage');

const route = createRoute({
  method: 'get',
  path: '/api/admin/usage',
  operationId: 'listOrganizationUsage',
  tags: ['administration'],
  summary: 'What each organization used in a month',
  security: bearer,
  request: {
    query: pageQuery.extend({
      month: z
        .string()
        .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
        .optional()
        .openapi({ description: 'UTC; default: the current month', example: '2026-03' }),
    }),
  },
  responses: {
    200: json(
      z.strictObject({ month: z.string(), items: z.array(usedSchema), nextCursor: z.string().nullable() }),
      'Organizations that used something, the newest first',
    ),
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

const sum = (column: unknown) => sql<string>`sum(${column})`;

const { order, after } = newestFirst(organizations.createdAt, organizations.id);

export function getUsage(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { cursor, limit, month = new Date().toISOString().slice(0, 7) } = c.req.valid('query');
    const rows = await database.transaction(async (tx) => {
      await recordRead(tx, c.var.caller, 'list-usage', { month });
      return tx
        .select({
          ...{ organizationId: organizations.id, name: organizations.name, tier: organizations.tier },
          createdAt: organizations.createdAt,
          count: sum(usageTotals.count),
          promptTokens: sum(usageTotals.promptTokens),
          completionTokens: sum(usageTotals.completionTokens),
          cachedTokens: sum(usageTotals.cachedTokens),
          cost: sum(usageTotals.cost),
        })
        .from(usageTotals)
        .innerJoin(organizations, eq(organizations.id, usageTotals.organizationId))
        .where(and(eq(usageTotals.month, `${month}-01`), after(readCursor(cursor))))
        .groupBy(organizations.id)
        .orderBy(...order)
        .limit(limit + 1);
    });
    const page = rows.slice(0, limit);
    const items = page.map(({ createdAt: _, count, promptTokens, completionTokens, cachedTokens, ...row }) => ({
      ...row,
      count: Number(count),
      promptTokens: Number(promptTokens),
      completionTokens: Number(completionTokens),
      cachedTokens: Number(cachedTokens),
    }));
    const positions = page.map((row) => ({ id: row.organizationId, createdAt: row.createdAt.toISOString() }));
    return c.json({ month, items, nextCursor: nextCursor(positions, rows.length > limit) }, 200);
  });
}
