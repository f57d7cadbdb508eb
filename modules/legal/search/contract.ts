import type { DocumentType } from '../../../db/schema/legal/documents.ts';
import type { ReadQuestion } from '../question/index.ts';
import type { Span } from '../text/index.ts';
import type { Noticed } from './current-documents.ts';

/**
 * An article, section or clause that fits a query. `text` is the document's stored text from `start` to `end`, all counted
 * in UTF-16 code units.
 */
export interface Passage {
  documentId: string;
  title: string;
  /** Page on which it starts, from 1; null for formats without pages. */
  page: number | null;
  start: number;
  end: number;
  text: string;
  /** Higher is better; only comparable within one answer. */
  score: number;
  headingPath: string[];
  /** Where the question's words, and the words of law that it means, stand in the document; in order, without overlap. */
  highlights: Span[];
  /** Where the pages of the whole document start. */
  pageStarts: number[];
  /** What of the document's file could not be read, as it is known now. */
  noticed: Noticed;
}

export interface SearchFilters {
  documentIds?: readonly string[] | undefined;
  types?: readonly DocumentType[] | undefined;
  languages?: readonly string[] | undefined;
  /** First and last day (YYYY-MM-DD) that a document may bear; one without a day is left out. */
  datedFrom?: string | undefined;
  datedTo?: string | undefined;
}

export interface SearchRequest extends SearchFilters {
  question: ReadQuestion;
  limit: number;
  signal?: AbortSignal | undefined;
}

/** Passages with what the question says of where to look. */
export interface Finding {
  passages: Passage[];
  /** Its words that only name the contract by its parties; all passages are of that contract. */
  naming: string;
  /** Parties of a contract that it names and that no document does; there are no passages then. */
  unknownParties: string[];
  /** Versions no longer in use that it names by their titles. */
  replaced: string[];
}

export interface Retrieval {
  /** As `search`, for an answer: what a question asks of one party's contract is not answered from another one's. */
  find(organizationId: string, request: SearchRequest): Promise<Finding>;
  /** Passages of one organization's ready documents, best first. */
  search(organizationId: string, request: SearchRequest): Promise<Passage[]>;
}
