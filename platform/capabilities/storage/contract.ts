import type { Readable } from 'node:stream';

export interface StoredFile {
  bytes: number;
  /** Hex digest of the content. */
  sha256: string;
}

/** Where uploaded files live. Keys are made by the platform, never from a client's words. */
export interface FileStorage {
  /**
   * Streams a file in; nothing is kept unless the whole content arrived.
   * @throws FileTooLarge as soon as more than `maxBytes` came.
   */
  write(key: string, content: Readable, options: { maxBytes: number; signal?: AbortSignal }): Promise<StoredFile>;
  /** @throws FileMissing */
  read(key: string): Promise<{ stream: Readable; bytes: number }>;
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
