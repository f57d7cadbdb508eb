import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileTooLarge, type StoredFile } from './contract.ts';

export const partSuffix = '.part';

interface PartOptions {
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Whether it is on the disk, and not only on its way there, when this ends. */
  isFlushed: boolean;
}

/**
 * Streams content into a new file while it is counted and hashed. What fails leaves the file as far as it was written.
 * @throws FileTooLarge as soon as more than `maxBytes` came
 */
export async function writePart(
  path: string,
  content: Readable,
  { maxBytes, signal, isFlushed }: PartOptions,
): Promise<StoredFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measure(source: AsyncIterable<Buffer>) {
    for await (const piece of source) {
      bytes += piece.length;
      if (bytes > maxBytes) throw new FileTooLarge(maxBytes);
      hash.update(piece);
      yield piece;
    }
  }
  // Opened before anything flows: a stream that opens by itself could still make the file after it was removed.
  const file = await open(path, 'wx', 0o660);
  const sink = file.createWriteStream({ flush: isFlushed });
  await pipeline(content, measure, sink, signal === undefined ? {} : { signal });
  return { bytes, sha256: hash.digest('hex') };
}
