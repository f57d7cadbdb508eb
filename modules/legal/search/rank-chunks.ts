import {
  type ChunkWords,
  fieldWeights,
  lengthOf,
  type StemFrequencies,
  type VectorHit,
} from '../index/vectors/index.ts';
import { idf, saturate } from './bm25.ts';
import { type Query, searchedStems } from './query.ts';

export interface RankedChunk {
  chunkId: string;
  documentId: string;
  score: number;
}

/** What the best wording of a notion counts against the question's own words. */
const notionShare = 0.5;
/** What a word of the same root that stemming keeps apart counts: увольнять / уволить, transfer / transferable. */
const variantShare = 0.5;
const rootLength = 5;

/** Above what any words give: who names an article, or quotes, wants to see that. */
const unitBonus = 2000;
const quoteBonus = 500;

/** Whether a chunk is what the question names by number or quotation. */
export const isExact = ({ score }: RankedChunk): boolean => score >= quoteBonus;

/**
 * Candidates, best first: BM25 over the question's own words, and for each of its notions the one wording that the chunk
 * holds best, less when only a part of it is there. Words weigh by how rare they are in the organization; without
 * `frequencies`, among the candidates, which is right when these are all of a document. A chunk of a unit that is named by its
 * number, or that holds a quoted phrase, comes before all others.
 */
export function rankChunks(hits: readonly VectorHit[], query: Query, frequencies?: StemFrequencies): RankedChunk[] {
  const searched = searchedStems(query);
  const roots = new Map([...query.own.keys()].filter(hasVariants).map((stem) => [stem.slice(0, rootLength), stem]));
  // What varies begins like the stem itself.
  const mayCount = beginLike(searched);
  const chunks = hits.map((hit) => ({
    ...{ hit, length: lengthOf(hit.words) },
    ...heldBy(hit.words, searched, roots, mayCount),
  }));
  const average = chunks.reduce((sum, { length }) => sum + length, 0) / Math.max(1, chunks.length);
  const among = (key: 'held' | 'variants', stem: string) =>
    chunks.reduce((sum, chunk) => sum + (chunk[key].has(stem) ? 1 : 0), 0);
  const weigh = (stem: string) =>
    frequencies ? idf(frequencies.of.get(stem) ?? 0, frequencies.chunks) : idf(among('held', stem), chunks.length);
  const weights = new Map([...searched].map((stem) => [stem, weigh(stem)]));
  const variantWeights = new Map([...roots].map(([, stem]) => [stem, idf(among('variants', stem), chunks.length)]));
  const weightOf = (stem: string) => weights.get(stem) as number;
  return chunks
    .map(({ hit, held, variants, length }) => {
      const gain = (stem: string) => weightOf(stem) * saturate(held.get(stem) ?? 0, length, average);
      const gainOfVariant = (stem: string) =>
        variantShare * (variantWeights.get(stem) ?? 0) * saturate(variants.get(stem) ?? 0, length, average);
      let score = 0;
      for (const [stem, weight] of query.own) score += weight * Math.max(gain(stem), gainOfVariant(stem));
      for (const notion of query.notions) {
        score += notionShare * Math.max(0, ...notion.map((wording) => gainOfWording(wording, held, gain, weightOf)));
      }
      if (query.units.some((unit) => hit.words.headings.includes(unit))) score += unitBonus;
      for (const phrase of query.quoted) if (holdsPhrase(hit.words.text, phrase)) score += quoteBonus;
      return { chunkId: hit.chunkId, documentId: hit.documentId, score, order: hit.score };
    })
    .sort((a, b) => b.score - a.score || b.order - a.order || (a.chunkId < b.chunkId ? -1 : 1))
    .map(({ order: _, ...chunk }) => chunk);
}

const hasVariants = (stem: string): boolean => stem.length > rootLength && !/\d/.test(stem);

/**
 * How often a chunk holds each of the stems, weighed by where it stands.
 * @param roots the question's stems by the letters that they share with their variants
 */
function heldBy(
  words: ChunkWords,
  searched: ReadonlySet<string>,
  roots: ReadonlyMap<string, string>,
  mayCount: Filter,
) {
  const held = new Map<string, number>();
  const variants = new Map<string, number>();
  const add = (stem: string, weight: number) => {
    if (!mayCount(stem)) return;
    if (searched.has(stem)) held.set(stem, (held.get(stem) ?? 0) + weight);
    const own = stem.length > rootLength ? roots.get(stem.slice(0, rootLength)) : undefined;
    if (own !== undefined) variants.set(own, (variants.get(own) ?? 0) + weight);
  };
  for (const stem of words.text) add(stem, fieldWeights.text);
  for (const stem of new Set(words.headings)) add(stem, fieldWeights.headings);
  for (const stem of words.description) add(stem, fieldWeights.description);
  return { held, variants };
}

type Filter = (stem: string) => boolean;

const filterSize = 4_096;

/** Passes over nearly all stems that begin like none of these, by their first letters: looking each of a hundred chunks' stems up costs more. */
function beginLike(stems: Iterable<string>): Filter {
  const known = new Uint8Array(filterSize);
  // The last of them is in what variants have in common; a stem that is shorter has zeros there.
  const placeOf = (stem: string) => {
    const first = 961 * stem.charCodeAt(0) + 31 * (stem.charCodeAt(1) || 0);
    return (first + (stem.charCodeAt(rootLength - 2) || 0)) & (filterSize - 1);
  };
  for (const stem of stems) known[placeOf(stem)] = 1;
  return (stem) => known[placeOf(stem)] === 1;
}

function gainOfWording(
  wording: readonly string[],
  held: ReadonlyMap<string, number>,
  gain: (stem: string) => number,
  weightOf: (stem: string) => number,
): number {
  let [gained, there, all] = [0, 0, 0];
  for (const stem of wording) {
    all += weightOf(stem);
    if (!held.has(stem)) continue;
    there += weightOf(stem);
    gained += gain(stem);
  }
  return all === 0 ? 0 : (gained * there) / all;
}

function holdsPhrase(stems: readonly string[], phrase: readonly string[]): boolean {
  for (
    let start = stems.indexOf(phrase[0] as string);
    start !== -1;
    start = stems.indexOf(phrase[0] as string, start + 1)
  ) {
    if (phrase.every((stem, index) => stems[start + index] === stem)) return true;
  }
  return false;
}
