import { PassThrough, type Readable } from 'node:stream';

export interface RecordedStream {
  /** The same bytes, for the caller. */
  bytes: Readable;
  /** All of them once the stream has ended; undefined when it broke off or is larger than `most`. */
  body: Promise<Buffer | undefined>;
}

/**
 * Keeps what a stream says while it is passed on, no faster than its reader takes it.
 * @param cuts keeps the beginning of a larger stream, and of one that broke off, in place of nothing
 * @param continues reads on to the end when the reader leaves, instead of ending the stream
 */
export function recordStream(
  source: Readable,
  { most, continues, cuts = false }: { most: number; continues: boolean; cuts?: boolean },
): RecordedStream {
  const bytes = new PassThrough();
  const body = Promise.withResolvers<Buffer | undefined>();
  let parts: Buffer[] | undefined = [];
  let size = 0;
  source.on('data', (part: Buffer) => {
    if (cuts && size < most) parts?.push(part.subarray(0, most - size));
    size += part.length;
    if (size > most && !cuts) parts = undefined;
    if (!cuts) parts?.push(part);
    if (!bytes.destroyed && !bytes.write(part)) source.pause();
  });
  bytes.on('drain', () => source.resume());
  bytes.once('close', () => {
    if (continues) source.resume();
    else source.destroy();
  });
  source.once('end', () => {
    bytes.end();
    body.resolve(parts && Buffer.concat(parts));
  });
  source.once('error', (error) => bytes.destroy(error));
  source.once('close', () => {
    if (!source.readableEnded) bytes.destroy();
    body.resolve(cuts && parts ? Buffer.concat(parts) : undefined);
  });
  return { bytes, body: body.promise };
}
