import { createRoute, z } from '@hono/zod-openapi';
import { unsupportedTusVersion, uploadConflict } from '../../../modules/legal/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { readId } from '../read-id.ts';
import { answerTus } from '../resumable/answer-tus.ts';
import { type ResumableDeps, requireUpload } from '../resumable/finish-upload.ts';
import { responseHeaders, tusResumable } from '../resumable/upload-headers.ts';

const route = createRoute({
  method: 'delete',
  path: '/api/uploads/{id}',
  operationId: 'deleteUpload',
  tags: ['documents'],
  summary: 'Give a resumable upload up',
  description: 'Removes the received bytes. A document created from the upload stays.',
  security: bearer,
  request: { params: idParameter, headers: z.object(tusResumable) },
  responses: {
    204: { description: 'Removed', headers: responseHeaders },
    ...problems(invalidRequest, unauthenticated, notFound, uploadConflict, unsupportedTusVersion),
  },
});

export function deleteUpload(router: Router, deps: ResumableDeps): void {
  router.openAPIRegistry.registerPath(route);
  router.delete('/api/uploads/:id', async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    await requireUpload(deps, caller, readId(c.req.param('id')));
    return answerTus(c, deps);
  });
}
