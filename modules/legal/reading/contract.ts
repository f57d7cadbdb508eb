import type { DocumentType } from '../../../db/schema/legal/documents.ts';

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
  /** What of the file is missing from `text` or uncertain in it, at most 100, in the order of the file. */
  notices: Notice[];
  /** How many more there were. */
  noticesOmitted: number;
  /** Where the words of recognized pages stand, in the order of the pages; empty for files whose pages were not recognized. */
  recognized: RecognizedPage[];
}

/** Where the words of a page stand that was recognized from its picture. */
export interface RecognizedPage {
  /** From 1. */
  page: number;
  /** Of the page as it is displayed, in points. */
  width: number;
  height: number;
  /**
   * Six whole numbers a word: its start and end in the text, then left, top, width and height on the page in tenths of a
   * point. In the order of the text; words whose place in it is not certain are missing.
   */
  words: number[];
}

/** Kinds of content that the text of a document lacks or may have wrong; their words for people stand in `notice-texts.ts`. */
export const noticeKinds = [
  'page-not-read', // a page without text, though something is on it
  'page-uncertain', // recognized with low confidence
  'ink-not-read', // handwriting, stamps, signatures
  'picture-not-read', // a picture inside the text
  'attachment-not-read', // a file inside the file
  'part-not-read', // damaged, or in a form that is not supported
  'field-not-read', // a form field or a computed value
  'columns-uncertain', // a table whose columns could not be told apart
  'hidden-text', // text that no reader of the file sees, which was left out
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface Notice {
  kind: NoticeKind;
  /** From 1; null for formats without pages, and for what belongs to no page. */
  page: number | null;
  /** For example a file name; one line of at most 200 characters. */
  detail?: string;
}

/** Why a file gave no text. Stable codes; the words for people stand in the catalogue of failures. */
export const parseFailureCodes = [
  'damaged', // truncated, broken structure, a ZIP that is none
  'encrypted', // needs a password
  'rights-managed', // its key is with a rights management service
  'dynamic-form', // an XFA form that only Adobe's programs draw
  'encrypted-message', // S/MIME or PGP: needs its receiver's key
  'old-word', // Word 95 and before
  'no-text', // blank, or a scan in which nothing was recognized
  'no-recognition', // a scan, and text recognition is not installed
  'too-large', // more pages, text or unpacked bytes than allowed
  'too-complex', // a page takes too much work, as one whose parts draw each other does
  'too-slow', // did not finish in time
  'wrong-content', // the content is not what the name says
  'macros', // programs in the document, which are not taken in
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

/** Pages in a row as they were read. */
export interface PageBatch {
  /** Number of the first of them, from 1. */
  first: number;
  pages: string[];
  /** Those that were given since the batch before. */
  notices: Notice[];
  /** Their words, with places that count in each page's own text. */
  recognized: RecognizedPage[];
}

/** Pages that an earlier attempt has read, from the first, with their notices and the places of their words. */
export type EarlierPages = Omit<PageBatch, 'first'>;

export interface ParseOptions {
  /** Reading continues after these pages. */
  earlier?: EarlierPages;
  /**
   * Gets pages as they were read, so that they can be kept; reading waits for it. Never called for formats without
   * pages, which each attempt reads from the beginning.
   */
  onPages?: (batch: PageBatch) => Promise<void>;
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

/** A document's text with the names it goes by. */
export interface NamedText extends Pick<ParsedDocument, 'text' | 'pageStarts'> {
  title: string;
  fileName: string;
}

/** What is worked out from a text when it is put into an index. */
export interface TextStructure {
  chunks: Chunk[];
  /** What it says of itself; `dated` is the day that it bears, YYYY-MM-DD. Undefined when that could not be told. */
  facts: { description: string; type: DocumentType; dated: string | null } | undefined;
}

export interface TextCutter {
  /** Starts a process for a text that is about to come. */
  prepare(): void;
  /**
   * Cuts and describes a text in a confined process with caps on time and memory: what a stranger wrote must not hold up
   * what else its reader has to do.
   * @throws ParseFailure `too-slow`, `crashed`
   */
  cut(document: NamedText, signal?: AbortSignal): Promise<TextStructure>;
  close(): void;
}
