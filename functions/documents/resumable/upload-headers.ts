import { z } from '@hono/zod-openapi';

/*
 * Headers of the protocol, for the description only: who asks decides before them what is there, and the library checks
 * them.
 */

const header = (description: string, example: string) => z.string().optional().openapi({ description, example });

export const tusResumable = { 'tus-resumable': header('Version of the protocol; required', '1.0.0') };

export const creationHeaders = z.object({
  ...tusResumable,
  'upload-length': header('Size of the whole file in bytes; required', '104857600'),
  'upload-metadata': header(
    'Names and Base64 values: `filename`, `filetype`, and `replaces` with the id of the document that the file is a new version of',
    'filename 0JTQvtCz0L7QstC+0YAucGRm,filetype YXBwbGljYXRpb24vcGRm',
  ),
});

export const pieceHeaders = z.object({
  ...tusResumable,
  'upload-offset': header('Where the piece begins: what the server has so far; required', '0'),
});

const described = (description: string) => ({ schema: { type: 'string' as const }, description });

export const responseHeaders = {
  'Tus-Resumable': described('Version of the protocol'),
  'Upload-Expires': described('Until when it can be continued'),
};

export const offsetHeader = { 'Upload-Offset': described('How many bytes are here') };

export const documentHeaders = {
  'Pandect-Document-Id': described('Once all of it is here: the document that it became'),
  'Pandect-Duplicate': described('With it: `true` when the same content was there already'),
};

export const locationHeader = { Location: described('The upload’s address') };

export const octets = {
  'application/offset+octet-stream': { schema: z.any().openapi({ type: 'string', format: 'binary' }) },
};
