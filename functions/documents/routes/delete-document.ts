import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { deleteDocument as remove } from '../../../modules/legal/documents/delete.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/documents/{id}',
  operationId: 'deleteDocument',
  tags: ['documents'],
  summary: 'Delete a document',
  description:
    'Text and passages are gone with the answer; index entries follow within moments. The file itself is kept for the days that the operator has set, so that a restored database finds it.',
  security: bearer,
  request: { params: idParameter },
  responses: { 204: { description: 'Deleted' }, ...problems(invalidRequest, unauthenticated, notFound) },
});

export function deleteDocument(router: Router, { database, queue }: { database: Database; queue: Queue }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    const { id } = c.req.valid('param');
    await database.tenant(caller.organizationId, (tx) => remove(tx, queue, caller, id));
    return c.body(null, 204);
  });
}
