import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { documentStatuses } from '../../db/schema/legal/documents.ts';
import { planOf } from '../../modules/commerce/metering/index.ts';
import {
  type AcceptDeps,
  type Accepted,
  acceptDocument,
  acceptingProblems,
} from '../../modules/legal/documents/accept.ts';
import { fileTooLarge } from '../../modules/legal/problems.ts';
import type { Idempotency } from '../../platform/capabilities/idempotency/index.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import {
  idempotencyConflict,
  idempotencyMismatch,
  invalidRequest,
  malformedMultipart,
  notFound,
  unauthenticated,
  unsupportedMediaType,
} from '../../platform/kernel/problems.ts';
import { json, problems, readIdempotencyKey } from '../../platform/runtime/http/operation.ts';
import type { RouterEnv } from '../../platform/runtime/http/router-env.ts';
import { receiveDocument } from './receive-document.ts';

export type FormDeps = AcceptDeps & { idempotency: Idempotency; storage: FileStorage };

export const acceptedSchema = z
  .strictObject({
    id: z.uuid(),
    status: z.enum(documentStatuses),
    duplicate: z.boolean().openapi({
      description: 'The same content already exists; this is the document that has it',
    }),
  })
  .openapi('AcceptedDocument');

/** The request body of both operations that take a form. */
export const fileForm = {
  required: true,
  content: {
    'multipart/form-data': { schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }) },
  },
};

export const formResponses = {
  202: json(acceptedSchema, 'The document is accepted and will be read'),
  ...problems(
    invalidRequest,
    unauthenticated,
    malformedMultipart,
    notFound,
    idempotencyConflict,
    fileTooLarge,
    unsupportedMediaType,
    idempotencyMismatch,
    ...acceptingProblems,
  ),
};

/** Receives the file of a form and accepts it, once for an Idempotency-Key. @param replaces the document that it is a new version of */
export async function acceptForm(
  c: Context<RouterEnv>,
  { idempotency, storage, ...deps }: FormDeps,
  replaces?: string,
): Promise<Accepted> {
  const { caller } = c.var;
  const key = readIdempotencyKey(c.req.header('idempotency-key'));
  const plan = await deps.database.tenant(caller.organizationId, (tx) => planOf(tx, caller.organizationId));
  await using file = await receiveDocument(c.req.raw, storage, plan.fileBytes);
  // Only the content tells whether a request is the same one, so it has to be here first.
  const fingerprint = ['/api/documents', ...(replaces === undefined ? [] : [replaces]), file.sha256].join(' ');
  return await idempotency.once<Accepted>(caller, { key, fingerprint }, (keep) =>
    acceptDocument(deps, caller, file, { keep, replaces }),
  );
}
