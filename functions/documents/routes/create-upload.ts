import { createRoute } from '@hono/zod-openapi';
import { acceptingProblems } from '../../../modules/legal/documents/accept.ts';
import {
  fileTooLarge,
  tooManyUploads,
  unsupportedTusVersion,
  uploadConflict,
} from '../../../modules/legal/problems.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import {
  invalidRequest,
  notFound,
  payloadTooLarge,
  unauthenticated,
  unsupportedMediaType,
} from '../../../platform/kernel/problems.ts';
import { bearer, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerTus } from '../resumable/answer-tus.ts';
import type { ResumableDeps } from '../resumable/finish-upload.ts';
import {
  creationHeaders,
  documentHeaders,
  locationHeader,
  octets,
  offsetHeader,
  responseHeaders,
} from '../resumable/upload-headers.ts';

const route = createRoute({
  method: 'post',
  path: '/api/uploads',
  operationId: 'createUpload',
  tags: ['documents'],
  summary: 'Begin a resumable upload',
  description:
    'The tus protocol, version 1.0.0, with its extensions creation, creation-with-upload, termination and expiration: any of its clients can send a file in pieces and go on after a break, for 24 hours. When the last piece is here, the file is accepted as one that is uploaded in a form, and the answer names the document in `Pandect-Document-Id`.',
  security: bearer,
  request: { headers: creationHeaders, body: { required: false, content: octets } },
  responses: {
    201: {
      description: 'Begun',
      headers: { ...responseHeaders, ...locationHeader, ...offsetHeader, ...documentHeaders },
    },
    ...problems(
      invalidRequest,
      unauthenticated,
      notFound,
      uploadConflict,
      unsupportedTusVersion,
      payloadTooLarge,
      fileTooLarge,
      unsupportedMediaType,
      tooManyUploads,
      ...acceptingProblems,
    ),
  },
});

export function createUpload(router: Router, deps: ResumableDeps): void {
  router.openAPIRegistry.registerPath(route);
  router.post(route.path, (c) => {
    requireRole(c.var.caller, 'member');
    return answerTus(c, deps);
  });
  // What of the protocol is spoken here, for clients that ask first.
  router.options(route.path, (c) => answerTus(c, deps));
}
