import { type Readable, Transform } from 'node:stream';
import {
  type FileStorage,
  FileTooLarge,
  newStorageKey,
  type StoredFile,
} from '../../../../platform/capabilities/storage/index.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import type { NamedFile } from '../../../../platform/runtime/http/receive-file.ts';
import { emptyFile, fileTooLarge, unsupportedDocument } from '../../problems.ts';
import { type DocumentFormat, detectFormat, detectionBytes, safeFileName } from '../../reading/index.ts';
import { toDiskProblem } from './disk-full.ts';

/** A stored file that no document has yet. It is deleted at its end (`await using`), unless it was kept. */
export interface ReceivedFile extends StoredFile, AsyncDisposable {
  storageKey: string;
  fileName: string;
  format: DocumentFormat;
  /** From now on a document has it, or may have it. */
  keep(): void;
}

/**
 * Streams a file into the storage, and finds its hash and its kind on the way; nothing is left of it when that fails.
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
  let isKept = false;
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(async () => {
    if (!isKept) await storage.remove(storageKey);
  });
  const { head, tap } = keepHead(detectionBytes);
  stream.on('error', (error) => tap.destroy(error));
  try {
    const file = await storage.write(storageKey, stream.pipe(tap), { maxBytes });
    if (file.bytes === 0) throw new Problem(emptyFile);
    const format = detectFormat(head(), fileName, mediaType);
    if (!format) throw new Problem(unsupportedDocument);
    const owned = cleanup.move();
    return {
      ...file,
      storageKey,
      fileName,
      format,
      keep() {
        isKept = true;
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    throw error instanceof FileTooLarge ? tooLarge(maxBytes) : toDiskProblem(error);
  }
}

export const tooLarge = (maxBytes: number): Problem =>
  new Problem(fileTooLarge, { parameters: { limit: Math.floor(maxBytes / 1024 / 1024) } });

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
