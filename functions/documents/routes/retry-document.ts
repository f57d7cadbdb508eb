import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { documentStatuses } from '../../../db/schema/legal/documents.ts';
import { lockPlan } from '../../../modules/commerce/metering/index.ts';
import { requeueDocument } from '../../../modules/legal/documents/requeue.ts';
import { versionPending, wrongState } from '../../../modules/legal/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findDocument } from '../document.ts';

const route = createRoute({
  method: 'post',
  path: '/api/documents/{id}/retry',
  operationId: 'retryDocument',
  tags: ['documents'],
  summary: 'Try a failed document again',
  security: bearer,
  request: { params: idParameter },
  responses: {
    202: json(z.strictObject({ id: z.uuid(), status: z.enum(documentStatuses) }), 'The document will be read again'),
    ...problems(invalidRequest, unauthenticated, notFound, wrongState, versionPending),
  },
});

export function retryDocument(router: Router, { database, queue }: { database: Database; queue: Queue }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    const { id } = c.req.valid('param');
    const accepted = await database.tenant(caller.organizationId, async (tx) => {
      await lockPlan(tx, caller.organizationId);
      const { organizationId } = caller;
      const requeued = await requeueDocument(tx, queue, { organizationId, documentId: id });
      if (requeued) return { id, status: requeued.status };
      const { status } = await findDocument(tx, id);
      throw new Problem(wrongState, { parameters: { current: status, needed: 'failed' } });
    });
    return c.json(accepted, 202);
  });
}
