import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import {
  type DocumentFormat,
  detectFormat,
  detectionBytes,
  safeFileName,
} from '../../platform/capabilities/documents/index.ts';
import {
  type FileStorage,
  FileTooLarge,
  newStorageKey,
  type StoredFile,
} from '../../platform/capabilities/storage/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';

export interface ReceivedFile extends StoredFile {
  storageKey: string;
  fileName: string;
  format: DocumentFormat;
}

/**
 * Streams the one file of a multipart form into the storage; memory stays flat whatever its size. Nothing is kept of
 * an upload that breaks off, is too large, empty, or of a kind that cannot be read.
 * @throws Problem
 */
export async function receiveFile(request: Request, storage: FileStorage, maxBytes: number): Promise<ReceivedFile> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || !request.body) {
    throw new Problem('unsupported-media-type', { parameters: { expected: 'multipart/form-data' } });
  }
  const parser = openParser(contentType);
  let stored: Promise<ReceivedFile> | undefined;
  let open: BusboyFileStream | undefined;
  let surplus = false;
  parser.on('file', (field, stream, name, _, mediaType) => {
    if (field === 'file' && !stored) {
      open = stream;
      stored = storeFile(stream, { name, mediaType }, storage, maxBytes);
      // Looked at below; without a listener an early failure would end the process.
      stored.catch(() => parser.destroy());
      return;
    }
    surplus = true;
    stream.resume();
  });

  const fed = pipeline(Readable.fromWeb(request.body as never), parser, { signal: request.signal });
  const [form] = await Promise.allSettled([fed]);
  // A parser that is cut off tells the file it was in the middle of nothing.
  if (form.status === 'rejected') open?.destroy(form.reason);
  const outcome = stored && (await Promise.allSettled([stored]))[0];
  if (outcome?.status === 'rejected') throw outcome.reason;
  if (form.status === 'fulfilled' && outcome && !surplus) return outcome.value;
  if (outcome) await storage.remove(outcome.value.storageKey);
  throw new Problem('malformed-multipart', { cause: form.status === 'rejected' ? form.reason : undefined });
}

function openParser(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType } as BusboyHeaders,
      limits: { files: 2, fields: 16, fieldSize: 4096, parts: 20 },
    });
  } catch (cause) {
    throw new Problem('malformed-multipart', { cause });
  }
}

async function storeFile(
  stream: BusboyFileStream,
  { name, mediaType }: { name: string | undefined; mediaType: string },
  storage: FileStorage,
  maxBytes: number,
): Promise<ReceivedFile> {
  const fileName = safeFileName(name ?? '');
  const storageKey = newStorageKey();
  const { head, tap } = keepHead(detectionBytes);
  stream.on('error', (error) => tap.destroy(error));
  try {
    const file = await storage.write(storageKey, stream.pipe(tap), { maxBytes });
    if (file.bytes === 0) throw new Problem('empty-file');
    const format = detectFormat(head(), fileName, mediaType);
    if (!format) throw new Problem('unsupported-document');
    return { ...file, storageKey, fileName, format };
  } catch (error) {
    await storage.remove(storageKey);
    if (error instanceof FileTooLarge) {
      throw new Problem('file-too-large', { parameters: { limit: Math.floor(maxBytes / 1024 / 1024) } });
    }
    throw error instanceof Problem ? error : new Problem('malformed-multipart', { cause: error });
  }
}

/** Passes a stream on and remembers its first bytes. */
function keepHead(bytes: number): { head: () => Buffer; tap: Transform } {
  const parts: Buffer[] = [];
  let held = 0;
  const tap = new Transform({
    transform(part: Buffer, _, done) {
      if (held < bytes) {
        parts.push(part.subarray(0, bytes - held));
        held += part.length;
      }
      done(null, part);
    },
  });
  return { head: () => Buffer.concat(parts), tap };
}
