import { createRoute } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { planOverrides } from '../../../db/schema/commerce/plan-overrides.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import {
  bearer,
  bodyProblems,
  idParameter,
  json,
  jsonBody,
  problems,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { overridesSchema } from '../figures.ts';
import { findOrganization } from '../organization.ts';
import { toOverrides } from '../overrides.ts';

const route = createRoute({
  method: 'put',
  path: '/api/admin/organizations/{id}/overrides',
  tags: ['administration'],
  summary: 'Give an organization other figures than its plan’s',
  description: 'Replaces all overrides and takes effect immediately.',
  security: bearer,
  request: { params: idParameter, body: jsonBody(overridesSchema) },
  responses: {
    200: json(overridesSchema, 'The overrides'),
    ...problems(...bodyProblems, unauthenticated, notFound),
  },
});

export function overridePlan(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const overrides = c.req.valid('json');
    const [row] = await database.transaction(async (tx) => {
      await findOrganization(tx, id);
      const set = { ...overrides, updatedAt: sql`now()` };
      const details = Object.fromEntries(Object.entries(overrides).filter(([, figure]) => figure !== null));
      const act = { organizationId: id, actorId: c.var.caller.userId, target: id, details };
      await recordAct(tx, { ...act, action: 'override-plan' });
      return tx
        .insert(planOverrides)
        .values({ organizationId: id, ...set })
        .onConflictDoUpdate({ target: planOverrides.organizationId, set })
        .returning();
    });
    return c.json(toOverrides(row), 200);
  });
}
