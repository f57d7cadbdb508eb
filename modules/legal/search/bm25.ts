/** BM25 (Robertson, Zaragoza 2009) with the usual saturation, and half the usual penalty for long chunks: all are of about one length. */
const k1 = 1.2;
const b = 0.5;

/** How much a word says that `frequency` of `total` chunks hold; more than 0. */
export const idf = (frequency: number, total: number): number =>
  Math.log(1 + Math.max(0, total - frequency + 0.5) / (frequency + 0.5));

/** A frequency, saturated, and less in a chunk that is longer than the average. */
export const saturate = (frequency: number, length: number, average: number): number =>
  frequency === 0 ? 0 : (frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * length) / Math.max(1, average)));
