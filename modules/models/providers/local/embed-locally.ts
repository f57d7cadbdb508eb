import { stems } from '../../../text/index.ts';
import { toUnitVector } from '../../embedding/unit-vector.ts';

/** Name of the method below; it changes whenever its vectors do. */
export const localEmbeddingModel = 'local-lexical-3';

const fragmentLength = 4;
const fragmentWeight = 0.25;

/**
 * A vector of a text's words, without a model: its stems, and their fragments of four letters, which bring word forms
 * and compounds together that stemming keeps apart. Each feature is hashed to a position and a sign (Weinberger et al.
 * 2009, "Feature Hashing for Large Scale Multitask Learning"), so features that meet in one position cancel out on
 * average. A feature's count enters by its logarithm. Length 1, also for a text without words.
 */
export function embedLocally(text: string, dimensions: number): Float32Array {
  const values = new Float64Array(dimensions);
  for (const [feature, { count, weight }] of countFeatures(text)) {
    const hash = hashOf(feature);
    const position = hash % dimensions;
    const sign = hash >>> 31 === 0 ? 1 : -1;
    values[position] = (values[position] ?? 0) + sign * weight * (1 + Math.log(count));
  }
  const vector = toUnitVector(values);
  if (vector) return vector;
  const wordless = new Float32Array(dimensions);
  wordless[0] = 1;
  return wordless;
}

function countFeatures(text: string): Map<string, { count: number; weight: number }> {
  const features = new Map<string, { count: number; weight: number }>();
  const add = (feature: string, weight: number) => {
    const known = features.get(feature);
    if (known) known.count += 1;
    else features.set(feature, { count: 1, weight });
  };
  for (const stem of stems(text)) {
    add(stem, 1);
    // `#` is in no stem, so that fragments are features of their own.
    for (let end = fragmentLength; end <= stem.length && stem.length > fragmentLength; end += 1) {
      add(`#${stem.slice(end - fragmentLength, end)}`, fragmentWeight);
    }
  }
  return features;
}

/** FNV-1a with a final mix, so that every bit depends on the last letters as well. */
function hashOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < feature.length; i += 1) hash = Math.imul(hash ^ feature.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
