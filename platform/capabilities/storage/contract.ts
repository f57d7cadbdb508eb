import type { Readable } from 'node:stream';

export interface StoredFile {
  bytes: number;
  /** Hex digest of the content. */
  sha256: string;
}

/** Bytes of a file, counted from 0. */
export interface ByteRange {
  start: number;
  /** The last of them; by default, or where the file ends earlier, the file's last. */
  end?: number | undefined;
}

/** How a browser is to treat a file that it reads from the storage itself. */
export interface ShownFile {
  /** Value of `Content-Disposition`. */
  disposition: string;
  mediaType: string;
}

/** Where uploaded files live. Keys are made by the platform, never from a client's words. */
export interface FileStorage {
  /**
   * Streams a file in; nothing is kept unless the whole content arrived.
   * @throws FileTooLarge as soon as more than `maxBytes` came.
   */
  write(key: string, content: Readable, options: { maxBytes: number; signal?: AbortSignal }): Promise<StoredFile>;
  /**
   * @param range default: the whole file
   * @returns `bytes` of the stream, and `size` of the whole file
   * @throws FileMissing, RangeOutside
   */
  read(key: string, range?: ByteRange): Promise<{ stream: Readable; bytes: number; size: number }>;
  /**
   * An address at which anyone may read the file for five minutes, without a look whether it is there. `undefined` where only
   * the platform can send it.
   */
  presign(key: string, shown: ShownFile): Promise<string | undefined>;
  /** A path that a parser process on this machine can open; `release` ends the use. */
  open(key: string): Promise<{ path: string; release(): Promise<void> }>;
  /** Removing what is not there is fine. */
  remove(key: string): Promise<void>;
  has(key: string): Promise<boolean>;
  /** Keys with the time of their last change, for the sweep of orphans. */
  list(): AsyncIterable<{ key: string; changedAt: Date; bytes: number }>;
  check(): Promise<void>;
}

export class FileTooLarge extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`Store file: more than ${limit} bytes`);
    this.name = 'FileTooLarge';
    this.limit = limit;
  }
}

export class FileMissing extends Error {
  constructor(key: string) {
    super(`Read file "${key}": not there`);
    this.name = 'FileMissing';
  }
}

export class RangeOutside extends Error {
  /** Bytes of the whole file. */
  readonly size: number;
  constructor(key: string, size: number) {
    super(`Read file "${key}": the range begins behind its ${size} bytes`);
    this.name = 'RangeOutside';
    this.size = size;
  }
}

/** The storage did not do what was asked, by no fault of the file's or the request's. */
export class StorageUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageUnavailable';
  }
}

/** The range within a file of that size, both ends included. @throws RangeOutside */
export function withinFile(key: string, { start, end }: ByteRange, size: number): { start: number; end: number } {
  if (start >= size) throw new RangeOutside(key, size);
  return { start, end: Math.min(end ?? size - 1, size - 1) };
}
