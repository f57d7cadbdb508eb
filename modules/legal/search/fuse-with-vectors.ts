import { fuse, type VectorHit } from '../index/vectors/index.ts';
import { isExact, type RankedChunk } from './rank-chunks.ts';

/**
 * Fuses the ranking by words with that by the vectors of an embedding model, by reciprocal rank. What the question names
 * exactly, by number or quotation, stays first. Scores fall from one chunk to the next as before.
 */
export function fuseWithVectors(byWords: readonly RankedChunk[], hits: readonly VectorHit[]): RankedChunk[] {
  const nearest = hits
    .filter(({ similarity }) => similarity !== undefined)
    .sort((a, b) => (b.similarity as number) - (a.similarity as number));
  const exact = byWords.filter(isExact);
  const known = new Map(byWords.map((chunk) => [chunk.chunkId, chunk]));
  const ids = (chunks: readonly { chunkId: string }[]) => chunks.map(({ chunkId }) => chunkId);
  const fused = fuse([ids(byWords), ids(nearest)], byWords.length).map(({ item, score }) => ({
    ...(known.get(item) as RankedChunk),
    score,
  }));
  const first = new Set(ids(exact));
  return [...exact, ...fused.filter(({ chunkId }) => !first.has(chunkId))];
}
