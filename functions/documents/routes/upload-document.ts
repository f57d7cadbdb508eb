import { createRoute } from '@hono/zod-openapi';
import { requireRole } from '../../../modules/people/roles.ts';
import { bearer, idempotencyHeader } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { acceptForm, type FormDeps, fileForm, formResponses } from '../accept-form.ts';

const route = createRoute({
  method: 'post',
  path: '/api/documents',
  operationId: 'uploadDocument',
  tags: ['documents'],
  summary: 'Upload a document',
  description:
    'PDF, DOCX, DOC, ODT, RTF, HTML, TXT, MD or EML in the field `file`. The answer comes as soon as the file is stored; follow the document until it is `ready`. A file that is already there is not stored twice: the answer names that document and says `duplicate`, and one that failed is tried again.',
  security: bearer,
  request: { headers: idempotencyHeader, body: fileForm },
  responses: formResponses,
});

export function uploadDocument(router: Router, deps: FormDeps): void {
  // Not `router.openapi` with its body check: that would read the whole file into memory.
  router.openAPIRegistry.registerPath(route);
  router.post(route.path, async (c) => {
    requireRole(c.var.caller, 'member');
    return c.json(await acceptForm(c, deps), 202);
  });
}
