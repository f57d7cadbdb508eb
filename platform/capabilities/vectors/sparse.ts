import { crc32 } from 'node:zlib';

/** As Qdrant takes it: strictly one value an index. */
export interface SparseVector {
  indices: number[];
  values: number[];
}

/** BM25's usual constants, and the stems of an average chunk, which is not known when one chunk is written. */
const k1 = 1.2;
const b = 0.75;
const averageLength = 128;

/**
 * A chunk's side of BM25: each stem's frequency, saturated and weighed down in long chunks. The other side, how rare a
 * stem is, the server adds (modifier `idf`).
 */
export function documentSparse(stems: readonly string[]): SparseVector {
  const frequencies = new Map<string, number>();
  for (const stem of stems) frequencies.set(stem, (frequencies.get(stem) ?? 0) + 1);
  const norm = k1 * (1 - b + (b * stems.length) / averageLength);
  return collect([...frequencies].map(([stem, frequency]) => [stem, (frequency * (k1 + 1)) / (frequency + norm)]));
}

/** A question's side: every distinct stem counts once. */
export const querySparse = (distinctStems: readonly string[]): SparseVector =>
  collect(distinctStems.map((stem) => [stem, 1]));

/** Stems become indices by CRC-32, which is the same everywhere and always; values of stems that collide add up. */
function collect(weights: readonly (readonly [string, number])[]): SparseVector {
  const sums = new Map<number, number>();
  for (const [stem, weight] of weights) {
    const index = crc32(stem);
    sums.set(index, (sums.get(index) ?? 0) + weight);
  }
  return { indices: [...sums.keys()], values: [...sums.values()] };
}
