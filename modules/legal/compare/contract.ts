/** A stretch of a stored text, in UTF-16 code units. */
export interface Span {
  start: number;
  end: number;
}

/**
 * What became of a clause. `renumbered`: only its number differs. `moved`: it stands at another place among the others, with or
 * without edits.
 */
export const clauseChanges = ['same', 'renumbered', 'changed', 'moved', 'inserted', 'removed'] as const;
export type ClauseChange = (typeof clauseChanges)[number];

/**
 * A place where words differ: start and end in the text before, start and end in the text after. One of both is empty where words
 * were only inserted or only removed, and says where.
 */
export type Edit = [beforeStart: number, beforeEnd: number, afterStart: number, afterEnd: number];

export interface ComparedClause {
  change: ClauseChange;
  /** Number and title as one line, of the later text where both have the clause; null without. */
  label: string | null;
  before: Span | null;
  after: Span | null;
  /** Empty for a clause that is in one text only. */
  edits: Edit[];
}

export interface Comparison {
  /** In the order of the later text; removed ones stand where they stood. */
  clauses: ComparedClause[];
  counts: Record<ClauseChange, number> & { wordsInserted: number; wordsRemoved: number };
}

/** UTF-16 code units of one text. */
export const MOST_COMPARED = 2_000_000;

/** A text with the names it goes by in an export. */
export interface NamedVersion {
  text: string;
  title: string;
  version: number;
  /** YYYY-MM-DD. */
  added: string;
}

export interface ComparisonOrder {
  before: NamedVersion;
  after: NamedVersion;
  /** The comparison itself, or a Word document that shows it in this language. */
  form: 'comparison' | { docx: 'ru' | 'en' };
}

export type ComparisonAnswer = { comparison: Comparison } | { docx: Uint8Array } | { failed: string };
