import { z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { filePurposes } from '../../../db/schema/models/gateway-files.ts';
import { deleteFile } from '../../../modules/models/files/delete-file.ts';
import { findFile, listFiles } from '../../../modules/models/files/list-files.ts';
import { showFile } from '../../../modules/models/files/show-file.ts';
import { keepFiles } from '../../../modules/models/files/store-file.ts';
import { type Idempotency, idempotentRequest } from '../../../platform/capabilities/idempotency/index.ts';
import { FileMissing, type FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound } from '../../../platform/kernel/problems.ts';
import { readIdempotencyKey } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { sendFile } from '../../../platform/runtime/http/send-file.ts';
import { describeOperation } from '../describe.ts';
import { readPage, showPage } from '../read-page.ts';
import { receiveUpload } from '../receive-upload.ts';

export interface FileDeps {
  database: Database;
  storage: FileStorage;
  idempotency: Idempotency;
  /** Bytes that one file may have. */
  fileBytes: number;
}

const params = { id: z.string().openapi({ param: { name: 'id', in: 'path' } }) };
const page = {
  limit: z
    .string()
    .optional()
    .openapi({ param: { name: 'limit', in: 'query' } }),
  after: z
    .string()
    .optional()
    .openapi({ param: { name: 'after', in: 'query' } }),
  order: z
    .enum(['asc', 'desc'])
    .optional()
    .openapi({ param: { name: 'order', in: 'query' } }),
};
const purpose = z
  .enum(filePurposes)
  .optional()
  .openapi({ param: { name: 'purpose', in: 'query' } });
const operations = [
  describeOperation({
    ...{ method: 'post', path: '/v1/files', operationId: 'uploadFile', summary: 'Upload the requests of a batch' },
    form: { file: z.any().openapi({ type: 'string', format: 'binary' }), purpose: z.literal('batch') },
  }),
  describeOperation({
    ...{ method: 'get', path: '/v1/files', operationId: 'listFiles', summary: 'Files of the organization' },
    query: { ...page, purpose },
  }),
  describeOperation({
    ...{ method: 'get', path: '/v1/files/{id}', operationId: 'getFile', summary: 'What is known of a file', params },
  }),
  describeOperation({
    ...{ method: 'get', path: '/v1/files/{id}/content', operationId: 'getFileContent', params },
    ...{
      summary: 'The content of a file, or the part that `Range` asks for',
      types: ['application/octet-stream'],
      parts: true,
    },
  }),
  describeOperation({
    ...{ method: 'delete', path: '/v1/files/{id}', operationId: 'deleteFile', summary: 'Delete a file', params },
  }),
];

/** Files of batches, as OpenAI's clients know them. */
export function files(router: Router, { database, storage, idempotency, fileBytes }: FileDeps): void {
  for (const operation of operations) router.openAPIRegistry.registerPath(operation);

  router.post('/v1/files', async (c) => {
    const { caller } = c.var;
    const { organizationId, userId } = caller;
    const key = readIdempotencyKey(c.req.header('idempotency-key'));
    const { file, name: fileName, fields } = await receiveUpload(c.req.raw, storage, fileBytes);
    await using _received = file;
    if (fields.get('purpose') !== 'batch')
      throw new Problem(invalidRequest, { errors: [{ path: 'body.purpose', message: 'must be "batch"' }] });
    // Only the content tells whether a request is the same one.
    const request = idempotentRequest(key, 'POST /v1/files', file.sha256, fileName);
    const shown = await idempotency.once<ReturnType<typeof showFile>>(caller, request, (keep) =>
      keepFiles(database, [file], organizationId, async (tx) => {
        const row = await file.addTo(tx, { organizationId, userId, purpose: 'batch', fileName });
        await keep(tx, showFile(row));
        return showFile(row);
      }),
    );
    return c.json(shown);
  });

  router.get('/v1/files', async (c) => {
    const asked = readPage(c);
    const wanted = filePurposes.find((each) => each === c.req.query('purpose'));
    const rows = await database.tenant(c.var.caller.organizationId, (tx) =>
      listFiles(tx, { ...asked, purpose: wanted }),
    );
    return c.json(showPage(asked, rows, showFile));
  });

  router.get('/v1/files/:id', async (c) => {
    const row = await database.tenant(c.var.caller.organizationId, (tx) => findFile(tx, c.req.param('id')));
    return c.json(showFile(row));
  });

  router.get('/v1/files/:id/content', async (c) => {
    const row = await database.tenant(c.var.caller.organizationId, (tx) => findFile(tx, c.req.param('id')));
    const headers = { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' };
    // A file never changes.
    const file = { key: row.storageKey, size: row.bytes, etag: `"${row.id}"`, headers };
    return sendFile(c, storage, file).catch((cause: unknown) => {
      throw cause instanceof FileMissing ? new Problem(notFound, { cause }) : cause;
    });
  });

  router.delete('/v1/files/:id', async (c) => {
    const id = c.req.param('id');
    await database.tenant(c.var.caller.organizationId, (tx) => deleteFile(tx, id));
    return c.json({ id, object: 'file', deleted: true });
  });
}
