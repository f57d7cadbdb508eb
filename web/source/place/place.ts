import { type Alignment, align, MATCH } from './align.ts';
import { placeByBlock } from './exact-block.ts';
import { type Folded, foldSpan, type Span, unfoldSpan } from './fold.ts';
import { isTrusted } from './path.ts';
import { countShared, hasShared, RUN_LETTERS, type SharedRuns, shareRuns } from './runs.ts';

/*
 * From a span of the stored text to the same words in another reading of the page: the text layer that a browser gets from
 * the PDF. Both are folded. As a rule the page's text is a part of the layer, which has headers and page numbers as well;
 * then the place is right by construction, for repeated clauses too. Otherwise the page is aligned with the layer, and the
 * quote has a place only where its surroundings leave no other one. A place that might be wrong is no place: a reader who
 * sees the wrong clause marked is misled, one who sees none reads the quote.
 */

/** An alignment without these letters' worth of score more than any other is not certain. */
const CERTAIN_SCORE = 12 * MATCH;
/** Letters of the quote that have to be the same in the layer. */
const LEAST_SAME = 0.85;
/** Within the first and the last letters of a quote, so many may differ. */
const EDGE_LETTERS = 8;
const EDGE_DIFFERENT = 1;
/** Places this close to each other are the same one: a letter was added or lost. */
const SAME_PLACE = 2;
/** Share of the runs of letters of one reading of a page that another one has. */
const LEAST_ALIKE = 0.5;
/** Letters at either end of a quote that may have several places when those next to them have one. */
const TRIMMED_LETTERS = 6;
const LEAST_CORE = 20;
/** Unmatched letters between two matched ones that are marked with them. */
const JOINED_LETTERS = 3;
/** What aligning may cost: about 10 ns each. */
const MOST_CELLS = 24_000_000;

/**
 * Where a span of the page's stored text stands in the layer: spans of the layer's source in ascending order, several where
 * something else stands in the middle of the quote. Undefined where that is not certain.
 */
export function place(page: Folded, span: Span, layer: Folded): Span[] | undefined {
  const quote = foldSpan(page, span);
  if (quote.start === quote.end) return undefined;
  const shift = onlyIndex(layer.text, page.text);
  if (shift !== undefined) return [unfoldSpan(layer, { start: quote.start + shift, end: quote.end + shift })];
  const texts = { page: page.text, layer: layer.text };
  const runs = shareRuns(page.text, layer.text);
  if (!isAlike(texts, runs)) return undefined;
  if (!runs.inOrder && !hasShared(page.text, quote, runs)) return undefined;
  const block = placeByBlock({ ...texts, runs }, quote);
  if (block !== undefined) return [unfoldSpan(layer, { start: block, end: block + quote.end - quote.start })];
  return alignedPieces(texts, runs, quote)?.map((piece) => unfoldSpan(layer, piece));
}

interface Texts {
  page: string;
  layer: string;
}

/** Where `part` stands in `whole`, if it does so exactly once. */
function onlyIndex(whole: string, part: string): number | undefined {
  const index = whole.indexOf(part);
  return index !== -1 && whole.indexOf(part, index + 1) === -1 ? index : undefined;
}

/** Whether two texts can be readings of the same page, of which one may have much more than the other. */
function isAlike({ page, layer }: Texts, runs: SharedRuns): boolean {
  return (
    countShared(page, runs.layer) >= (page.length - RUN_LETTERS + 1) * LEAST_ALIKE ||
    countShared(layer, runs.page) >= (layer.length - RUN_LETTERS + 1) * LEAST_ALIKE
  );
}

function alignedPieces({ page: whole, layer }: Texts, runs: SharedRuns, { start, end }: Span): Span[] | undefined {
  const around = contextAround(whole.length, { start, end }, layer.length);
  if (!around) return undefined;
  const page = whole.slice(around.start, around.end);
  const quote = { start: start - around.start, end: end - around.start };
  const columns = alignedColumns(page, layer, quote) ?? columnsOfCore(page, layer, quote);
  if (!columns || !isTrusted({ page, layer, columns, runs }, quote)) return undefined;
  const ofQuote = columns.slice(quote.start, quote.end);
  return isSame(page.slice(quote.start, quote.end), ofQuote, layer) ? piecesOf(ofQuote) : undefined;
}

/**
 * The same without the outermost letters of the quote, which have to follow. Next to an insertion they are too few to tell on
 * which side of it they stand.
 */
function columnsOfCore(page: string, layer: string, quote: Span): Int32Array | undefined {
  const core = { start: quote.start + TRIMMED_LETTERS, end: quote.end - TRIMMED_LETTERS };
  if (core.end - core.start < LEAST_CORE) return undefined;
  const columns = alignedColumns(page, layer, core);
  if (!columns) return undefined;
  for (let off = 1; off <= TRIMMED_LETTERS; off += 1) {
    columns[core.start - off] = (columns[core.start] as number) - off;
    columns[core.end - 1 + off] = (columns[core.end - 1] as number) + off;
  }
  const isThere = (row: number) => page[row] === layer[columns[row] as number];
  for (let off = 1; off <= TRIMMED_LETTERS; off += 1) {
    if (!isThere(core.start - off) || !isThere(core.end - 1 + off)) return undefined;
  }
  return columns;
}

/** For each letter of the page its column in the layer; undefined when there are others for the quote's edges. */
function alignedColumns(page: string, layer: string, quote: Span): Int32Array | undefined {
  const [pageUnits, layerUnits] = [unitsOf(page), unitsOf(layer)];
  const turned = { start: page.length - quote.end, end: page.length - quote.start };
  const forward = align(pageUnits, layerUnits, quote);
  const backward = align(pageUnits.toReversed(), layerUnits.toReversed(), turned);
  const end = certainColumn(forward, backward);
  const start = certainColumn(backward, forward);
  if (end === undefined || start === undefined) return undefined;
  const columns = new Int32Array(page.length);
  const turnBack = (column: number) => (column === -1 ? -1 : layer.length - 1 - column);
  columns.set(backward.trace(start).map(turnBack).reverse(), quote.start);
  const turnedEnd = columns[quote.end - 1] as number;
  columns.set(forward.trace(end));
  const isSamePath =
    Math.abs(turnedEnd - end) <= SAME_PLACE &&
    Math.abs((columns[quote.start] as number) - turnBack(start)) <= SAME_PLACE;
  return isSamePath ? columns : undefined;
}

/** As much of the page around a quote as may be aligned at reasonable cost; undefined for a quote that is too long. */
function contextAround(pageLength: number, quote: Span, layerLength: number): Span | undefined {
  const rows = MOST_CELLS / (layerLength + 1);
  const context = Math.floor((rows - (quote.end - quote.start)) / 2);
  if (context < 0) return undefined;
  return { start: Math.max(0, quote.start - context), end: Math.min(pageLength, quote.end + context) };
}

function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
  return units;
}

/**
 * The column of the quote's last letter, when no other one comes near its score.
 * @param opposite the alignment of the same texts from the other end
 */
function certainColumn({ last }: Alignment, { before }: Alignment): number | undefined {
  const behind = (column: number) => (before[last.length - 1 - column] as number) + (last[column] as number);
  let best = 0;
  for (let column = 1; column < last.length; column += 1) if (behind(column) > behind(best)) best = column;
  const score = behind(best);
  if (score < CERTAIN_SCORE) return undefined;
  for (let column = 0; column < last.length; column += 1) {
    if (Math.abs(column - best) > SAME_PLACE && behind(column) > score - CERTAIN_SCORE) return undefined;
  }
  return best;
}

/** Whether the letters of a quote are those of the layer, above all its figures and its edges. */
function isSame(quote: string, columns: Int32Array, layer: string): boolean {
  const differs = Array.from(columns, (column, at) => column === -1 || layer[column] !== quote[at]);
  const different = differs.filter(Boolean).length;
  if (quote.length - different < quote.length * LEAST_SAME) return false;
  if (differs.some((isDifferent, at) => isDifferent && /\p{N}/u.test(quote[at] ?? ''))) return false;
  const edges = [differs.slice(0, EDGE_LETTERS), differs.slice(-EDGE_LETTERS)];
  return edges.every((edge) => edge.filter(Boolean).length <= EDGE_DIFFERENT) && !addsFigure(columns, layer);
}

/** Whether the layer has a figure among the letters of the quote: «12 %» is not «2 %». */
function addsFigure(columns: Int32Array, layer: string): boolean {
  let before = -1;
  for (const column of columns) {
    if (column === -1) continue;
    const gap = before === -1 ? '' : layer.slice(before + 1, column);
    if (gap.length <= JOINED_LETTERS && /\p{N}/u.test(gap)) return true;
    before = column;
  }
  return false;
}

function piecesOf(columns: Int32Array): Span[] {
  const pieces: Span[] = [];
  for (const column of columns) {
    const piece = pieces.at(-1);
    if (column === -1) continue;
    if (piece && column - piece.end <= JOINED_LETTERS) piece.end = column + 1;
    else pieces.push({ start: column, end: column + 1 });
  }
  return pieces;
}
