export const documentFormats = ['pdf', 'docx', 'doc', 'odt', 'rtf', 'html', 'txt', 'md', 'eml'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export interface ParsedDocument {
  /** The stored text; every span of the platform counts in its UTF-16 code units. NFC, `\n` line ends, no NUL. */
  text: string;
  /** Where each page starts in `text`, first page at 0; empty for formats without pages. */
  pageStarts: number[];
  /** Title that the file names itself, if it does. */
  title: string | undefined;
  language: 'ru' | 'en';
}

/** Why a file gave no text. Stable codes; the words for people stand in the catalogue of failures. */
export const parseFailureCodes = [
  'damaged', // truncated, broken structure, a ZIP that is none
  'encrypted', // needs a password
  'no-text', // blank, or a scan in which nothing was recognized
  'no-recognition', // a scan, and text recognition is not installed
  'too-large', // more pages, text or unpacked bytes than allowed
  'too-slow', // did not finish in time
  'wrong-content', // the content is not what the name says
  'crashed', // the parser died, its memory cap included
] as const;
export type ParseFailureCode = (typeof parseFailureCodes)[number];

export class ParseFailure extends Error {
  readonly code: ParseFailureCode;
  constructor(code: ParseFailureCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ParseFailure';
    this.code = code;
  }
}

export interface ParseProgress {
  pagesDone: number;
  /** 0 while it is not known. */
  pagesTotal: number;
}

export interface ParseOptions {
  /** Pages that an earlier attempt has read, from the first; reading goes on behind them. */
  earlier?: readonly string[];
  /**
   * Gets pages as they were read, so that they can be kept; reading waits for it. `first` counts from 1. Never called
   * for formats without pages, which are read anew by each attempt.
   */
  onPages?: (batch: { first: number; pages: string[] }) => Promise<void>;
  onProgress?: (progress: ParseProgress) => void;
  signal?: AbortSignal;
}

export interface DocumentParser {
  /**
   * Reads a file's text in a disposable process with caps on time and memory.
   * @throws ParseFailure
   */
  parse(file: { path: string; format: DocumentFormat }, options?: ParseOptions): Promise<ParsedDocument>;
}

/** A stretch of the stored text. Chunks joined in order are the text, character by character. */
export interface Chunk {
  ordinal: number;
  start: number;
  end: number;
  /** The article or clause that it is part of: what a search returns. */
  unitStart: number;
  unitEnd: number;
  /** Page on which it starts, from 1; null for formats without pages. */
  page: number | null;
  /** Headings above it, outermost first. */
  headingPath: string[];
}
