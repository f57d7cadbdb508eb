import { createRoute, z } from '@hono/zod-openapi';
import { type PictureFile, pictureVariants } from '../../../modules/pictures/contract.ts';
import type { Generations } from '../../../modules/pictures/generations/index.ts';
import { pictureMissing } from '../../../modules/pictures/problems.ts';
import { FileMissing, type FileStorage } from '../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, rangeNotSatisfiable, unauthenticated } from '../../../platform/kernel/problems.ts';
import { attachment } from '../../../platform/runtime/http/attachment.ts';
import { bearer, idParameter, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { sendFile } from '../../../platform/runtime/http/send-file.ts';

const binary = { schema: z.any().openapi({ type: 'string', format: 'binary' }) };
const picture = { 'image/png': binary, 'image/webp': binary, 'image/jpeg': binary };

const route = createRoute({
  method: 'get',
  path: '/api/images/{id}/pictures/{index}/{variant}',
  operationId: 'downloadPicture',
  tags: ['images'],
  summary: 'A picture of a generation',
  description:
    'Where files are in object storage, the answer is an address there, which is good for five minutes. Answers `Range`.',
  security: bearer,
  request: {
    params: idParameter.extend({
      index: z
        .string()
        .regex(/^\d{1,2}$/, 'must be a whole number from 0')
        .openapi({ example: '0' }),
      variant: z.enum(pictureVariants),
    }),
    query: z.strictObject({
      download: z.enum(['0', '1']).default('0').openapi({ description: '1: to be saved, not shown' }),
    }),
  },
  responses: {
    200: { content: picture, description: 'The picture' },
    206: { content: picture, description: 'A part of it' },
    302: { description: 'The picture is at the address in `Location`' },
    304: { description: 'Not modified: the copy named by If-None-Match is current' },
    ...problems(invalidRequest, unauthenticated, notFound, pictureMissing, rangeNotSatisfiable),
  },
});

export function downloadPicture(
  router: Router,
  { generations, storage }: { generations: Generations; storage: FileStorage },
): void {
  router.openapi(route, async (c) => {
    const { id, index, variant } = c.req.valid('param');
    const file = await generations.file(c.var.caller, id, Number(index), variant);
    const name = `${id}-${index}-${variant}.${extensions[file.type]}`;
    const disposition = c.req.valid('query').download === '1' ? attachment(name) : `inline; filename="${name}"`;
    const address = await storage.presign(file.storageKey, { disposition, mediaType: file.type });
    if (address !== undefined) return c.redirect(address, 302);

    const etag = `"${file.sha256}"`;
    const kept = { 'cache-control': 'private, no-cache' };
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, { etag, ...kept });
    const headers = {
      ...kept,
      'content-type': file.type,
      'content-disposition': disposition,
      // Shown in our own origin, where nothing of it may act.
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    };
    return sendFile(c, storage, { key: file.storageKey, size: file.bytes, etag, headers }).catch((cause: unknown) => {
      throw cause instanceof FileMissing ? new Problem(pictureMissing, { cause }) : cause;
    });
  });
}

const extensions: Record<PictureFile['type'], string> = {
  'image/png': 'png',
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
};
