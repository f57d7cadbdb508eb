import { crc32 } from 'node:zlib';
import { lengthOf, weighedFrequencies } from './chunk-words.ts';
import type { ChunkWords } from './contract.ts';

/** As Qdrant takes it: strictly one value an index. */
export interface SparseVector {
  indices: number[];
  values: number[];
}

/** BM25's usual constants, and the stems of an average chunk, which is not known when one chunk is written. */
const k1 = 1.2;
const b = 0.5;
const averageLength = 128;

/**
 * A chunk's side of BM25: each stem's frequency, saturated and weighed down in long chunks. The other side, how rare a
 * stem is, the server adds (modifier `idf`).
 */
export function documentSparse(words: ChunkWords): SparseVector {
  const frequencies = weighedFrequencies(words);
  const norm = k1 * (1 - b + (b * lengthOf(words)) / averageLength);
  return collect([...frequencies].map(([stem, frequency]) => [stem, (frequency * (k1 + 1)) / (frequency + norm)]));
}

/** Weight of a stem that a question does not hold itself. */
const expansionWeight = 0.3;

/** A question's side: every distinct stem counts once, those next to its own for less. */
export const querySparse = (own: readonly string[], expansions: readonly string[] = []): SparseVector =>
  collect([...own.map((stem) => [stem, 1] as const), ...expansions.map((stem) => [stem, expansionWeight] as const)]);

/** Stems become indices by CRC-32, which is the same everywhere and always; values of stems that collide add up. */
function collect(weights: readonly (readonly [string, number])[]): SparseVector {
  const sums = new Map<number, number>();
  for (const [stem, weight] of weights) {
    const index = crc32(stem);
    sums.set(index, (sums.get(index) ?? 0) + weight);
  }
  return { indices: [...sums.keys()], values: [...sums.values()] };
}
