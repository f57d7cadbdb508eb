import { ParseFailure, type ParseProgress } from './contract.ts';

/** Caps on what one file may unfold into. */
export interface ReadingLimits {
  pages: number;
  /** UTF-16 code units of text. */
  characters: number;
  /** Bytes of a file that is text itself, and of all parts that are unpacked from an archive. */
  unpackedBytes: number;
}

/** What a reader gets out of a file, before normalization. */
export interface Reading {
  /** Text by page; one piece for formats without pages. */
  pages: string[];
  hasPages: boolean;
  title: string | undefined;
}

/** Reads one format. Rejects with a ParseFailure for what it can name; anything else thrown counts as damage. */
export type Reader = (
  bytes: Buffer<ArrayBuffer>,
  limits: ReadingLimits,
  onProgress: (progress: ParseProgress) => void,
) => Promise<Reading>;

/** @throws ParseFailure `too-large`. `what` names the unit: "pages", "characters". */
export function requireAtMost(limit: number, count: number, what: string): void {
  if (count > limit) throw new ParseFailure('too-large', `Read document: more than ${limit} ${what}`);
}
