import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { markFile } from '../../../modules/legal/documents/files/mark-missing.ts';
import { fileMissing } from '../../../modules/legal/problems.ts';
import { type DocumentFormat, mediaTypeOf } from '../../../modules/legal/reading/index.ts';
import { recordAct, recordActOnce } from '../../../modules/people/record-act.ts';
import { FileMissing, type FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, rangeNotSatisfiable, unauthenticated } from '../../../platform/kernel/problems.ts';
import { attachment } from '../../../platform/runtime/http/attachment.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { sendFile } from '../../../platform/runtime/http/send-file.ts';
import { findDocument } from '../document.ts';

const file = {
  'application/octet-stream': { schema: z.any().openapi({ type: 'string', format: 'binary' }) },
};

const route = createRoute({
  method: 'get',
  path: '/api/documents/{id}/content',
  operationId: 'downloadDocument',
  tags: ['documents'],
  summary: 'The file as it was uploaded',
  security: bearer,
  request: { params: idParameter },
  responses: {
    200: { content: file, description: 'The file' },
    206: { content: file, description: 'The part of the file that Range asks for' },
    304: { description: 'Not modified: the copy named by If-None-Match is current' },
    ...problems(invalidRequest, unauthenticated, notFound, fileMissing, rangeNotSatisfiable),
  },
});

export function downloadContent(router: Router, deps: { database: Database; storage: FileStorage }): void {
  const { database, storage } = deps;
  router.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const { organizationId, userId: actorId, keyId } = c.var.caller;
    const { row, etag, isSame } = await database.tenant(organizationId, async (tx) => {
      const found = await findDocument(tx, id);
      const tag = `"${found.sha256}"`;
      const same = c.req.header('if-none-match') === tag;
      const act = { organizationId, actorId, keyId, action: 'download-document', target: id };
      // A long file is shown by parts, hundreds of them.
      if (!same) await (c.req.header('range') ? recordActOnce : recordAct)(tx, act);
      return { row: found, etag: tag, isSame: same };
    });
    const cacheControl = 'private, no-cache';
    if (isSame) return c.body(null, 304, { etag, 'cache-control': cacheControl });
    const headers = {
      'cache-control': cacheControl,
      'content-type': mediaTypeOf(row.format as DocumentFormat),
      // Never shown inside our own origin: an uploaded page may carry scripts.
      'content-disposition': attachment(row.fileName),
    };
    return sendFile(c, storage, { key: row.storageKey, size: row.bytes, etag, headers }).catch(
      async (error: unknown) => {
        if (!(error instanceof FileMissing)) throw error;
        // Known at once to the person who watches the platform, and looked for again by the sweep.
        await database.tenant(organizationId, (tx) => markFile(tx, id, false));
        throw new Problem(fileMissing, { cause: error });
      },
    );
  });
}
