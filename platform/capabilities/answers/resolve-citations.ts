import type { StoredCitation } from '../../../db/schema/messages.ts';
import { bestQuote, type QuotablePassage, readPassage } from './best-quote.ts';
import { readMarkers } from './read-markers.ts';

/** A passage as the model saw it, with its place: `text` is the document's text from `start` to `end`. */
export interface CitablePassage {
  /** Number that the answer's markers name it by. */
  number: number;
  documentId: string;
  title: string;
  /** Page on which the passage starts, from 1; null without pages. */
  page: number | null;
  start: number;
  end: number;
  text: string;
  /** Where each page of the document starts, if known: the quote may stand on a later page than its passage's start. */
  pageStarts?: readonly number[];
}

export type Citation = StoredCitation;

export interface ResolvedAnswer {
  /** The answer with its markers renumbered: `[k]` names `citations[k - 1]`. */
  answer: string;
  citations: Citation[];
  /** False when nothing in the answer rests on a passage. */
  answered: boolean;
}

/**
 * Finds for each marker of an answer the words of the passage that its statement rests on. Markers that name no passage,
 * or one that shares no word with the statement, disappear; markers of the same words become one citation.
 */
export function resolveCitations(answer: string, passages: readonly CitablePassage[]): ResolvedAnswer {
  const byNumber = new Map(
    passages.map((passage) => [passage.number, { passage, content: readPassage(passage.text) }]),
  );
  const citations: Citation[] = [];
  let text = '';
  let last: number[] = [];
  for (const { before, statement, numbers } of readMarkers(answer)) {
    const cited = numbers.flatMap((number) => {
      const source = byNumber.get(number);
      const citation = source && cite(statement, source.passage, source.content);
      return citation ? [numberOf(citation, citations)] : [];
    });
    // A marker right behind another one may have come to name the same words.
    const alreadyThere = before.trim() === '' ? last : [];
    const added = [...new Set(cited)].filter((number) => !alreadyThere.includes(number));
    text +=
      (added.length > 0 || numbers.length === 0 ? before : before.trimEnd()) + added.map((k) => `[${k}]`).join('');
    last = [...alreadyThere, ...added];
  }
  return { answer: text.trim(), citations, answered: citations.length > 0 };
}

function cite(statement: string, passage: CitablePassage, content: QuotablePassage): Citation | undefined {
  const span = bestQuote(statement, content);
  if (!span) return undefined;
  const { documentId, title } = passage;
  const start = passage.start + span.start;
  const quote = passage.text.slice(span.start, span.end);
  return { documentId, title, page: pageAt(start, passage), start, end: passage.start + span.end, quote };
}

function pageAt(offset: number, { page, pageStarts }: CitablePassage): number | null {
  if (page === null || pageStarts === undefined || pageStarts.length === 0) return page;
  const later = pageStarts.findIndex((start) => start > offset);
  return later === -1 ? pageStarts.length : Math.max(later, 1);
}

/** The citation's number from 1, after adding it if its words are not cited yet. */
function numberOf(citation: Citation, citations: Citation[]): number {
  const known = citations.findIndex(
    ({ documentId, start, end }) =>
      documentId === citation.documentId && start === citation.start && end === citation.end,
  );
  return known === -1 ? citations.push(citation) : known + 1;
}
