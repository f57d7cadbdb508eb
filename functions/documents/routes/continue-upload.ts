import { createRoute } from '@hono/zod-openapi';
import { acceptingProblems } from '../../../modules/legal/documents/accept.ts';
import { tooManyPieces, unsupportedTusVersion, uploadConflict } from '../../../modules/legal/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import {
  invalidRequest,
  notFound,
  payloadTooLarge,
  unauthenticated,
  unsupportedMediaType,
} from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { readId } from '../read-id.ts';
import { answerTus } from '../resumable/answer-tus.ts';
import { type ResumableDeps, requireUpload } from '../resumable/finish-upload.ts';
import { documentHeaders, octets, offsetHeader, pieceHeaders, responseHeaders } from '../resumable/upload-headers.ts';

const PIECE = 'application/offset+octet-stream';

const route = createRoute({
  method: 'patch',
  path: '/api/uploads/{id}',
  operationId: 'continueUpload',
  tags: ['documents'],
  summary: 'Send the next piece of a resumable upload',
  description:
    'What arrives of a piece that breaks off is kept. A new request for the same upload ends the one before it. The answer to the last piece comes when the document is accepted.',
  security: bearer,
  request: { params: idParameter, headers: pieceHeaders, body: { required: true, content: octets } },
  responses: {
    204: { description: 'Taken', headers: { ...responseHeaders, ...offsetHeader, ...documentHeaders } },
    ...problems(
      invalidRequest,
      unauthenticated,
      notFound,
      uploadConflict,
      tooManyPieces,
      unsupportedTusVersion,
      payloadTooLarge,
      unsupportedMediaType,
      ...acceptingProblems,
    ),
  },
});

export function continueUpload(router: Router, deps: ResumableDeps): void {
  // Not `router.openapi`, whose checks of the headers would come before what is there.
  router.openAPIRegistry.registerPath(route);
  router.patch('/api/uploads/:id', async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    await requireUpload(deps, caller, readId(c.req.param('id')));
    if (c.req.header('content-type')?.toLowerCase() !== PIECE) {
      throw new Problem(unsupportedMediaType, { parameters: { expected: PIECE } });
    }
    return answerTus(c, deps);
  });
}
