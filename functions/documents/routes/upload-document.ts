import { createRoute, z } from '@hono/zod-openapi';
import { documentStatuses } from '../../../db/schema/documents.ts';
import type { Idempotency } from '../../../platform/capabilities/idempotency/index.ts';
import { planOf } from '../../../platform/capabilities/limits/index.ts';
import { requireRole } from '../../../platform/runtime/http/authenticate.ts';
import {
  bearer,
  idempotencyHeader,
  json,
  problems,
  readIdempotencyKey,
} from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { type AcceptDeps, acceptDocument } from '../accept-document.ts';
import { receiveFile } from '../receive-file.ts';

const route = createRoute({
  method: 'post',
  path: '/api/documents',
  tags: ['documents'],
  summary: 'Upload a document',
  description:
    'PDF, DOCX, HTML, TXT or MD in the field `file`. The answer comes as soon as the file is stored; follow the document until it is `ready`. A file that is already there is not stored twice.',
  security: bearer,
  request: {
    headers: idempotencyHeader,
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: z.object({ file: z.any().openapi({ type: 'string', format: 'binary' }) }),
        },
      },
    },
  },
  responses: {
    202: json(
      z.strictObject({ id: z.uuid(), status: z.enum(documentStatuses) }).openapi('AcceptedDocument'),
      'The document is accepted and will be read',
    ),
    ...problems(
      'invalid-request',
      'unauthenticated',
      'malformed-multipart',
      'empty-file',
      'plan-limit-reached',
      'not-found',
      'idempotency-conflict',
      'file-too-large',
      'unsupported-media-type',
      'unsupported-document',
      'idempotency-mismatch',
    ),
  },
});

type Deps = AcceptDeps & { idempotency: Idempotency };

export function uploadDocument(router: Router, { idempotency, ...deps }: Deps): void {
  const { database, storage } = deps;
  // Not `router.openapi` with its body check: that would read the whole file into memory.
  router.openAPIRegistry.registerPath(route);
  router.post(route.path, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'member');
    const key = readIdempotencyKey(c.req.header('idempotency-key'));
    const plan = await database.tenant(caller.organizationId, (tx) => planOf(tx, caller.organizationId));
    const file = await receiveFile(c.req.raw, storage, plan.fileBytes);
    let taken = false;
    try {
      // Only the content tells whether a request is the same one, so it has to be here first.
      const fingerprint = `${route.path} ${file.sha256}`;
      const accepted = await idempotency.once(caller, { key, fingerprint }, (keep) => {
        taken = true;
        return acceptDocument(deps, caller, file, keep);
      });
      return c.json(accepted, 202);
    } finally {
      if (!taken) await storage.remove(file.storageKey);
    }
  });
}
