import type { DocumentFormat, ParsedDocument, ParseFailureCode, ParseProgress } from './contract.ts';
import type { ReadingLimits } from './reading.ts';

/** What the parent tells the parser process, as its one argument in JSON. */
export interface ParseOrder {
  path: string;
  format: DocumentFormat;
  limits: ReadingLimits;
  /** The process ends itself after so long, should its parent be gone by then. */
  timeoutMs: number;
}

/** What the parser process answers. The text comes in pieces, so that no single message is large. */
export type ParseMessage =
  | { type: 'progress'; progress: ParseProgress }
  | { type: 'text'; piece: string }
  | { type: 'done'; document: Omit<ParsedDocument, 'text'> }
  | { type: 'failed'; code: ParseFailureCode; message: string };

export const pieceLength = 256 * 1024;
