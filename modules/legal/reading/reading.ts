import { type DocumentFormat, type Notice, ParseFailure } from './contract.ts';
import type { SeenWords } from './pdf/scans/seen-words.ts';

/** Formats whose text comes page by page. */
export const pagedFormats: ReadonlySet<DocumentFormat> = new Set(['pdf']);

/** Caps on what one file may unfold into. */
export interface ReadingLimits {
  pages: number;
  /** Pages whose text is recognized from their picture. */
  recognizedPages: number;
  /** UTF-16 code units of text. */
  characters: number;
  /** Bytes of a file that is text itself, and of all parts that are unpacked from an archive. */
  unpackedBytes: number;
}

/**
 * What a page is being read for: its text layer, what it shows (a drawing, or pictures to unpack as well), the text on that
 * picture, and files that are attached to the document, which are read with its last page.
 */
export type PageStage = 'text' | 'drawing' | 'picture' | 'recognition' | 'files';

/** A page, from 1, and the stage in which its reading had to be ended. */
export interface GivenUp {
  page: number;
  stage: PageStage;
}

export interface ReadingOrder {
  bytes: Buffer<ArrayBuffer>;
  /** The same bytes once more, for a reader whose library takes them over. */
  again(): Promise<Buffer<ArrayBuffer>>;
  limits: ReadingLimits;
  /** Pages that were read before, from the first: reading begins behind them. 0 for formats without pages. */
  pagesBefore: number;
  /** What is to be left out and noticed: a page given up in its text as a whole. */
  givenUp: readonly GivenUp[];
  /** Folders in which the languages of text recognition may lie. */
  languageFolders: readonly string[];
  /**
   * The text of a file that lies in this one. Undefined for one that could not be read, which is noticed then.
   * @throws ParseFailure `too-large` when all of them together have more text than the file around them may have
   */
  embedded(file: EmbeddedFile, output: Pick<ReadingOutput, 'notice'>): Promise<string | undefined>;
}

/** A file inside a file: an attachment, an object. */
export interface EmbeddedFile {
  /** '' where it has none; then the media type says what it is. */
  name: string;
  bytes: Uint8Array;
  mediaType?: string | undefined;
}

/** Takes what a reader gets out of a file, in order. */
export interface ReadingOutput {
  /** How many pages there are, once that is known. */
  pagesTotal(count: number): void;
  /** The text of the next page, or all text of a format without pages; the reader waits before it continues. */
  page(text: string, how?: { recognized: boolean; seen?: SeenWords | undefined }): Promise<void>;
  /** Tells for what the page is being read from now on; a page begins with its text. */
  stage?(stage: PageStage): Promise<void>;
  /**
   * Tells what of the file is missing from its text. A notice of a page is given before the page itself, so that both are
   * kept together. The same notice may be given more than once.
   */
  notice(notice: Notice): void;
}

/** What else a reader knows at the end. */
export interface ReadingEnd {
  hasPages: boolean;
  title: string | undefined;
}

/** Reads one format. Rejects with a ParseFailure for what it can name; anything else thrown counts as damage. */
export type Reader = (order: ReadingOrder, output: ReadingOutput) => Promise<ReadingEnd>;

/** @throws ParseFailure `too-large`. `what` names the unit: "pages", "characters". */
export function requireAtMost(limit: number, count: number, what: string): void {
  if (count > limit) throw new ParseFailure('too-large', `Read document: more than ${limit} ${what}`);
}
