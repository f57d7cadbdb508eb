import { type Readable, Transform } from 'node:stream';
import { type DocumentFormat, detectFormat, detectionBytes, safeFileName } from '../../modules/legal/reading/index.ts';
import {
  type FileStorage,
  FileTooLarge,
  newStorageKey,
  type StoredFile,
} from '../../platform/capabilities/storage/index.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { toDiskProblem } from './disk-full.ts';

export interface ReceivedFile extends StoredFile {
  storageKey: string;
  fileName: string;
  format: DocumentFormat;
}

/** What a client says of a file. */
export interface NamedFile {
  name: string | undefined;
  mediaType: string | undefined;
}

/**
 * Streams a file into the storage, its hash and its kind found on the way; nothing is kept when that fails.
 * @throws Problem empty-file, unsupported-document, file-too-large; whatever the stream fails with
 */
export async function storeFile(
  stream: Readable,
  { name, mediaType }: NamedFile,
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
    throw error instanceof FileTooLarge ? fileTooLarge(maxBytes) : toDiskProblem(error);
  }
}

export const fileTooLarge = (maxBytes: number): Problem =>
  new Problem('file-too-large', { parameters: { limit: Math.floor(maxBytes / 1024 / 1024) } });

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
