import { PassThrough, type Readable } from 'node:stream';

export interface RecordedStream {
  /** The same bytes, for the caller. */
  bytes: Readable;
  /** All of them once the stream has ended; undefined when it broke off or is larger than `most`. */
  body: Promise<Buffer | undefined>;
}

/**
 * Keeps what a stream says while it is passed on, no faster than its reader takes it.
 * @param continues reads on to the end when the reader leaves, instead of ending the stream
 */
export function recordStream(
  source: Readable,
  { most, continues }: { most: number; continues: boolean },
): RecordedStream {
  const bytes = new PassThrough();
  const body = Promise.withResolvers<Buffer | undefined>();
  let parts: Buffer[] | undefined = [];
  let size = 0;
  source.on('data', (part: Buffer) => {
    size += part.length;
    if (size > most) parts = undefined;
    parts?.push(part);
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
    body.resolve(undefined);
  });
  return { bytes, body: body.promise };
}
