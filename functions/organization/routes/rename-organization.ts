import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { renameOrganization as rename } from '../../../modules/people/organizations/rename.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems, words } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { organizationSchema, toOrganization } from '../organization.ts';

const route = createRoute({
  method: 'patch',
  path: '/api/organization',
  operationId: 'renameOrganization',
  tags: ['organization'],
  summary: 'Rename the organization',
  description: 'For administrators and owners.',
  security: bearer,
  request: { body: jsonBody(z.strictObject({ name: words(200) })) },
  responses: {
    200: json(organizationSchema, 'Your organization'),
    ...problems(...bodyProblems, unauthenticated, notFound),
  },
});

export function renameOrganization(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { name } = c.req.valid('json');
    const row = await database.tenant(caller.organizationId, (tx) => rename(tx, caller, name));
    return c.json(toOrganization(row), 200);
  });
}
