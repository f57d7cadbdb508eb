import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { exportArchive } from '../export/archive.ts';

const route = createRoute({
  method: 'get',
  path: '/api/organization/export',
  operationId: 'exportOrganization',
  tags: ['organization'],
  summary: 'Everything of the organization, as a ZIP archive',
  description:
    'For owners. `data.json` holds the organization, its people, API keys (without the keys), invitations, documents, conversations with their messages, usage, invoices, payments and the audit log; `files/` the files as they were uploaded and `texts/` the texts that were read from them, both by the document’s id. An archive that breaks off has no directory at its end and does not open.',
  security: bearer,
  responses: {
    200: {
      content: { 'application/zip': { schema: z.any().openapi({ type: 'string', format: 'binary' }) } },
      description: 'The archive',
    },
    ...problems(unauthenticated, notFound),
  },
});

export function exportOrganization(router: Router, deps: { database: Database; storage: FileStorage }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'owner');
    const { organizationId, userId: actorId } = caller;
    await deps.database.tenant(organizationId, (tx) =>
      recordAct(tx, { organizationId, actorId, action: 'export-organization', target: organizationId }),
    );
    return c.body(exportArchive(deps, caller.organizationId), 200, {
      'content-type': 'application/zip',
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="pandect-${new Date().toISOString().slice(0, 10)}.zip"`,
    });
  });
}
