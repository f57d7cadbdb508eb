import { createRoute, z } from '@hono/zod-openapi';
import { acceptingProblems } from '../../../modules/legal/documents/accept.ts';
import { unsupportedTusVersion } from '../../../modules/legal/problems.ts';
import { safeFileName } from '../../../modules/legal/reading/index.ts';
import { outranks } from '../../../modules/people/roles.ts';
import { type PartialUpload, uploadLifetimeMs } from '../../../platform/capabilities/storage/index.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { answerTus, outcomeHeaders } from '../resumable/answer-tus.ts';
import { describedBy, finishUpload, outcomeOf, type ResumableDeps, requireUpload } from '../resumable/finish-upload.ts';
import { documentHeaders, offsetHeader } from '../resumable/upload-headers.ts';

const uploadSchema = z
  .strictObject({
    id: z.uuid(),
    fileName: z.string(),
    bytes: z.int(),
    offset: z.int().openapi({ description: 'Number of bytes received; the next piece starts there' }),
    documentId: z
      .uuid()
      .nullable()
      .openapi({ description: 'Document created from the upload; null until it is complete' }),
    duplicate: z.boolean().nullable().openapi({ description: 'Whether the same content already existed' }),
    expiresAt: z.iso.datetime(),
  })
  .openapi('Upload');

const route = createRoute({
  method: 'get',
  path: '/api/uploads/{id}',
  operationId: 'getUpload',
  tags: ['documents'],
  summary: 'How far a resumable upload is',
  description:
    'HEAD answers as the tus protocol has it. Uploads are their maker’s own; to everybody else they are not there.',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { ...json(uploadSchema, 'The upload'), headers: { ...offsetHeader, ...documentHeaders } },
    ...problems(invalidRequest, unauthenticated, notFound, unsupportedTusVersion, ...acceptingProblems),
  },
});

export function getUpload(router: Router, deps: ResumableDeps): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    const id = c.req.valid('param').id.toLowerCase();
    const upload = await requireUpload(deps, caller, id);
    // Anyone who sent the last piece may have been cut off before it became a document.
    const isWhole = upload.offset === upload.bytes && mayWrite(caller);
    const outcome = outcomeOf(upload) ?? (isWhole ? await finishUpload(deps, caller, id) : undefined);
    // The server asks for GET's route on HEAD too.
    if (c.req.method === 'HEAD') return (await answerTus(c, deps)) as never;
    const headers = { 'cache-control': 'no-store', 'upload-offset': String(upload.offset), ...outcomeHeaders(outcome) };
    return c.json(
      { ...toUpload(upload), documentId: outcome?.id ?? null, duplicate: outcome?.duplicate ?? null },
      200,
      headers,
    );
  });
}

/** A role may have been taken away in the meantime, and a key that only reads may ask as well. */
const mayWrite = ({ role, scopes }: Caller): boolean =>
  !outranks('member', role) && (scopes?.includes('documents:write') ?? true);

const toUpload = ({ id, bytes, offset, metadata, createdAt }: PartialUpload) => ({
  id,
  fileName: safeFileName(describedBy(metadata).name ?? ''),
  bytes,
  offset,
  expiresAt: new Date(createdAt.getTime() + uploadLifetimeMs).toISOString(),
});
