import { createRoute } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { organizationSchema, toOrganization } from '../organization.ts';

const route = createRoute({
  method: 'get',
  path: '/api/organization',
  operationId: 'getOrganization',
  tags: ['organization'],
  summary: 'The organization you belong to',
  security: bearer,
  responses: { 200: json(organizationSchema, 'Your organization'), ...problems(unauthenticated, notFound) },
});

export function getOrganization(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId } = c.var.caller;
    const [row] = await database.tenant(organizationId, (tx) =>
      tx.select().from(organizations).where(eq(organizations.id, organizationId)),
    );
    if (!row) throw new Problem(notFound);
    return c.json(toOrganization(row), 200);
  });
}
