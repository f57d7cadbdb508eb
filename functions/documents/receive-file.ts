import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { type ReceivedFile, storeFile } from '../../modules/legal/documents/files/receive.ts';
import { malformedMultipart } from '../../modules/legal/problems.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { unsupportedMediaType } from '../../platform/kernel/problems.ts';
import { tapExtendedName } from './extended-name.ts';

/**
 * Streams the one file of a multipart form into the storage; memory stays flat whatever its size. Nothing is kept of
 * an upload that breaks off, is too large, empty, or of a kind that cannot be read.
 * @throws Problem
 */
export async function receiveFile(request: Request, storage: FileStorage, maxBytes: number): Promise<ReceivedFile> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !request.body) {
    throw new Problem(unsupportedMediaType, { parameters: { expected: 'multipart/form-data' } });
  }
  const parser = openParser(contentType);
  const extended = tapExtendedName(contentType);
  let stored: Promise<ReceivedFile> | undefined;
  let open: BusboyFileStream | undefined;
  let surplus = false;
  parser.on('file', (field, stream, name, _, mediaType) => {
    if (field === 'file' && !stored) {
      open = stream;
      stored = storeFile(stream, { name: extended.name() ?? name, mediaType }, storage, maxBytes).catch(
        (error: unknown) => {
          throw error instanceof Problem ? error : new Problem(malformedMultipart, { cause: error });
        },
      );
      // Looked at below; without a listener an early failure would end the process.
      stored.catch(() => parser.destroy());
      return;
    }
    surplus = true;
    stream.resume();
  });

  const fed = pipeline(Readable.fromWeb(request.body as never), extended.stream, parser, { signal: request.signal });
  const [form] = await Promise.allSettled([fed]);
  // A parser that is cut off tells the file it was in the middle of nothing.
  if (form.status === 'rejected') open?.destroy(form.reason);
  const outcome = stored && (await Promise.allSettled([stored]))[0];
  if (outcome?.status === 'rejected') throw outcome.reason;
  if (form.status === 'fulfilled' && outcome && !surplus) return outcome.value;
  await using _surplus = outcome?.value;
  throw new Problem(malformedMultipart, { cause: form.status === 'rejected' ? form.reason : undefined });
}

function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      limits: { files: 2, fields: 16, fieldSize: 4096, parts: 20 },
    });
  } catch (cause) {
    throw new Problem(malformedMultipart, { cause });
  }
}
