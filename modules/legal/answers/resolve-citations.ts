import type { StoredCitation } from '../../../db/schema/legal/messages.ts';
import { sentences } from '../text/index.ts';
import { bestQuote, type QuotablePassage, readPassage } from './best-quote.ts';
import { readMarkers } from './read-markers.ts';
import { createSupportCheck } from './supported-sentence.ts';

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
  /** Sentences left out because no cited passage supports them. */
  dropped: number;
}

/** A marker that was read: where it stands in the answer without markers, and the words it stands for. */
interface Marker {
  at: number;
  cited: { citation: Citation; passage: CitablePassage }[];
}

/**
 * Finds for each marker of an answer the words of the passage that its statement rests on. Markers that name no passage,
 * or one that shares no word with the statement, disappear; markers of the same words become one citation. Sentences that
 * no cited passage supports are dropped, see `createSupportCheck`; an answer without any citation is left as it is, for it
 * is no answer.
 * @param question its words and figures may be repeated without support
 */
export function resolveCitations(answer: string, passages: readonly CitablePassage[], question = ''): ResolvedAnswer {
  const { plain, markers } = findMarkers(answer, passages);
  const sources = new Set(markers.flatMap(({ cited }) => cited.map(({ passage }) => passage.text)));
  const supports = createSupportCheck([...sources], question);
  const starts = sentences(plain).map(({ start }) => start);
  const regions = starts.map((start, index) => ({
    start,
    end: starts[index + 1] ?? plain.length,
    // A marker belongs to the sentence that it stands in or behind.
    markers: markers.filter(({ at }) => at > start && at <= (starts[index + 1] ?? plain.length)),
  }));
  const citations: Citation[] = [];
  let text = '';
  let dropped = 0;
  for (const region of regions) {
    const sentence = plain.slice(region.start, region.end);
    const hasCitation = region.markers.some(({ cited }) => cited.length > 0);
    if (sources.size === 0 || supports(sentence, hasCitation)) text += withMarkers(plain, region, citations);
    else {
      dropped += 1;
      const paragraph = /\n\s*$/.exec(sentence)?.[0];
      if (paragraph && text !== '') text = text.trimEnd() + paragraph;
    }
  }
  return { answer: text.trim(), citations, answered: citations.length > 0, dropped };
}

function findMarkers(answer: string, passages: readonly CitablePassage[]): { plain: string; markers: Marker[] } {
  const byNumber = new Map(
    passages.map((passage) => [passage.number, { passage, content: readPassage(passage.text) }]),
  );
  const markers: Marker[] = [];
  let plain = '';
  for (const { before, statement, numbers } of readMarkers(answer)) {
    plain += before;
    if (numbers.length === 0) continue;
    const cited = numbers.flatMap((number) => {
      const source = byNumber.get(number);
      const citation = source && cite(statement, source.passage, source.content);
      return source && citation ? [{ citation, passage: source.passage }] : [];
    });
    markers.push({ at: plain.length, cited });
  }
  return { plain, markers };
}

/** One sentence with what is behind it, its markers in their places; the citations they name are added. */
function withMarkers(
  plain: string,
  { start, end, markers }: { start: number; end: number; markers: readonly Marker[] },
  citations: Citation[],
): string {
  let text = '';
  let from = start;
  let last: number[] = [];
  for (const { at, cited } of markers) {
    const before = plain.slice(from, at);
    // A marker right behind another one may have come to name the same words.
    const alreadyThere = before.trim() === '' ? last : [];
    const numbers = cited.map(({ citation }) => numberOf(citation, citations));
    const added = [...new Set(numbers)].filter((number) => !alreadyThere.includes(number));
    text += (added.length === 0 ? before.trimEnd() : before) + added.map((k) => `[${k}]`).join('');
    last = [...alreadyThere, ...added];
    from = at;
  }
  return text + plain.slice(from, end);
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
