import { createRoute } from '@hono/zod-openapi';
import { requireRole } from '../../../modules/people/roles.ts';
import { bearer, idempotencyHeader, idParameter } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { acceptForm, type FormDeps, fileForm, formResponses } from '../accept-form.ts';
import { findDocument } from '../document.ts';
import { readId } from '../read-id.ts';

const route = createRoute({
  method: 'post',
  path: '/api/documents/{id}/versions',
  operationId: 'uploadDocumentVersion',
  tags: ['documents'],
  summary: 'Upload a new version of a document',
  description:
    'As a new document is uploaded. The present version stays `ready` and is found until the new one is `ready`; from that moment on it is `replaced`. When the new one fails, nothing has changed. Of a document that is not `ready`, or while another new version is being read, the answer is 409.',
  security: bearer,
  request: { params: idParameter, headers: idempotencyHeader, body: fileForm },
  responses: formResponses,
});

export function uploadVersion(router: Router, deps: FormDeps): void {
  router.openAPIRegistry.registerPath(route);
  router.post('/api/documents/:id/versions', async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    const id = readId(c.req.param('id'));
    // Before the file is received. Its state is looked at afterwards, since the same request may come a second time.
    await deps.database.tenant(caller.organizationId, (tx) => findDocument(tx, id));
    return c.json(await acceptForm(c, deps, id), 202);
  });
}
