/**
 * Which stems of a question are worth searching. BM25 reads every chunk that holds a stem, so common stems cost most
 * and say least: one that more than half of the chunks hold has no weight in SQLite's BM25, and beyond `mostPostings`
 * the rarer stems have decided already. This bounds a search whatever the organization's size. Rarest first; stems that
 * no chunk holds are dropped; of stems that all are common, the rarest stays.
 */
export function pruneStems(frequencies: readonly StemFrequency[], chunks: number, most = mostPostings): string[] {
  const held = frequencies.filter((each) => each.chunks > 0).sort((a, b) => a.chunks - b.chunks);
  let postings = 0;
  return held
    .filter((each, index) => {
      postings += each.chunks;
      return index === 0 || (each.chunks <= chunks / 2 && postings <= most);
    })
    .map(({ stem }) => stem);
}

export interface StemFrequency {
  stem: string;
  /** Chunks that hold it. */
  chunks: number;
}

/** Chunks read for one search, each counted once for every stem; about 15 ms. */
const mostPostings = 20_000;

/** The same for stems that a question does not hold itself: many, and each of little weight. */
export const mostExpansionPostings = 8_000;
