import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { bearer, bodyProblems, json, jsonBody, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { organizationSchema, toOrganization } from '../organization.ts';

const route = createRoute({
  method: 'patch',
  path: '/api/organization',
  tags: ['organization'],
  summary: 'Rename the organization',
  description: 'For administrators and owners.',
  security: bearer,
  request: { body: jsonBody(z.strictObject({ name: words(200) })) },
  responses: {
    200: json(organizationSchema, 'Your organization'),
    ...problems(...bodyProblems, 'unauthenticated', 'not-found'),
  },
});

export function renameOrganization(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { name } = c.req.valid('json');
    const { organizationId, userId: actorId } = caller;
    const row = await database.tenant(organizationId, async (tx) => {
      const [renamed] = await tx
        .update(organizations)
        .set({ name })
        .where(eq(organizations.id, organizationId))
        .returning();
      if (!renamed) throw new Problem('not-found');
      await recordAct(tx, { organizationId, actorId, action: 'rename-organization', details: { name } });
      return renamed;
    });
    return c.json(toOrganization(row), 200);
  });
}
