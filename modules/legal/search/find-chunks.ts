import type { Embedder } from '../../models/index.ts';
import type { StemFrequencies, VectorStore } from '../index/vectors/index.ts';
import { fuseWithVectors } from './fuse-with-vectors.ts';
import { expansionsOf, type Query, searchedStems } from './query.ts';
import { type RankedChunk, rankChunks } from './rank-chunks.ts';

export interface ChunkSearch {
  query: Query;
  /** Only these documents; undefined: all. */
  documentIds: readonly string[] | undefined;
  /** Whether these are a few documents of which every chunk may be ranked. */
  isNamed: boolean;
  /** Units that are wanted. */
  limit: number;
  /** The query's vector, asked for when it is needed. */
  vector: () => Promise<Float32Array>;
}

/** Chunks that are ranked, of all documents and of named ones; twice and thrice as many gave the same first ten units. */
const candidates = 100;
const namedCandidates = 250;
const forEachUnit = 5;

/** Looks a query up in the index and ranks what it gives. */
export async function findChunks(
  { vectors, embedder }: { vectors: VectorStore; embedder: Embedder },
  organizationId: string,
  { query, documentIds, isNamed, limit, vector }: ChunkSearch,
): Promise<RankedChunk[]> {
  const frequencies = isNamed ? undefined : await vectors.frequencies(organizationId, [...searchedStems(query)]);
  // Vectors of words are needed only for a word that no chunk holds; otherwise they cost most of a search and add nothing.
  const isWordsOnly = embedder.lexical && allKnown(query, frequencies);
  const hits = await vectors.search(organizationId, {
    text: query.text,
    expansions: expansionsOf(query),
    vector: isWordsOnly ? new Float32Array(embedder.dimensions) : await vector(),
    limit: Math.max(forEachUnit * limit, isNamed ? namedCandidates : candidates),
    ...(documentIds && { documentIds }),
  });
  const byWords = rankChunks(hits, query, frequencies);
  return embedder.lexical ? byWords : fuseWithVectors(byWords, hits);
}

const allKnown = ({ own }: Query, frequencies: StemFrequencies | undefined): boolean =>
  frequencies !== undefined &&
  own.size > 0 &&
  [...own].every(([stem, weight]) => weight < 1 || frequencies.of.has(stem));
