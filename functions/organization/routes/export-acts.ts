import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { readActs } from '../../../modules/people/audit/read-acts.ts';
import { actFormats, actMediaTypes, streamActs } from '../../../modules/people/audit/write-acts.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { actsFilter, toFilter } from './list-acts.ts';

const file = { schema: z.any().openapi({ type: 'string', format: 'binary' }) };

const route = createRoute({
  method: 'get',
  path: '/api/organization/audit/export',
  operationId: 'exportActs',
  tags: ['organization'],
  summary: 'The audit log as a file, oldest first',
  description:
    'JSON Lines with the fields of `Act`, or CSV with a header and `details` as JSON. Of any size; filters are those of the list. The export is itself in the log. For administrators and owners.',
  security: bearer,
  request: { query: actsFilter.extend({ format: z.enum(actFormats).default('jsonl') }) },
  responses: {
    200: { content: { 'application/jsonl': file, 'text/csv': file }, description: 'The file' },
    ...problems(invalidRequest, unauthenticated, notFound),
  },
});

export function exportActs(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { organizationId, userId: actorId } = c.var.caller;
    requireRole(c.var.caller, 'admin');
    const { format, ...filter } = c.req.valid('query');
    await database.tenant(organizationId, (tx) =>
      recordAct(tx, { organizationId, actorId, action: 'export-audit', target: organizationId, details: filter }),
    );
    const pages = readActs((read) => database.tenant(organizationId, read), organizationId, toFilter(filter));
    return c.body(streamActs(pages, format), 200, {
      'content-type': actMediaTypes[format],
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.${format}"`,
    });
  });
}
