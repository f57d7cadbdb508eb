import type { DocumentFormat, Notice, ParseFailureCode, RecognizedPage } from '../contract.ts';
import type { GivenUp, PageStage, ReadingEnd, ReadingLimits } from '../reading.ts';

/** What the parent tells the parser process, as its one argument in JSON; its document is open, see `document-descriptor.ts`. */
export interface ParseOrder {
  format: DocumentFormat;
  limits: ReadingLimits;
  /** Pages that need not be read any more, from the first. */
  pagesBefore: number;
  /** What earlier processes did not get over. */
  givenUp: readonly GivenUp[];
  /** Folders in which the languages of text recognition may lie. */
  languageFolders: readonly string[];
  /** The process ends itself after so long, should its parent be gone by then. */
  timeoutMs: number;
}

/**
 * What the parser process answers. The text of a page, normalized, comes in pieces, so that no single message is large;
 * `page` ends it.
 */
export type ParseMessage =
  | { type: 'pages-total'; count: number }
  | { type: 'text'; piece: string }
  | { type: 'stage'; stage: PageStage }
  | { type: 'page'; recognized: boolean; places?: Omit<RecognizedPage, 'page'> }
  | { type: 'notice'; notice: Notice }
  | { type: 'done'; end: ReadingEnd; noticesOmitted: number }
  | { type: 'failed'; code: ParseFailureCode; message: string };

/** How many pages the parent has taken over in all; the process reads on no further than `pagesAhead` beyond them. */
export interface PagesTaken {
  taken: number;
}

export const pieceLength = 256 * 1024;
export const pagesAhead = 128;
