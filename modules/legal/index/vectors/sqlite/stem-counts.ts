import type { DatabaseSync } from 'node:sqlite';
import type { StemFrequency } from './prune-stems.ts';

/** How many chunks there are and how many hold a stem. FTS5 reads all postings of a stem for that, so it is kept. */
export interface StemCounts {
  chunks(): number;
  /** In the order of the stems. */
  of(stems: readonly string[]): StemFrequency[];
  /** What was kept counts for another state of the file. */
  forget(): void;
}

/** Of each file that is open; about 100 bytes each. */
const mostKept = 2_000;

export const stemCountsSchema = 'CREATE VIRTUAL TABLE stem_frequencies USING fts5vocab(words, row);';

export function openStemCounts(db: DatabaseSync): StemCounts {
  const frequency = db.prepare('SELECT doc FROM stem_frequencies WHERE term = ?');
  const count = db.prepare('SELECT count(*) AS count FROM chunks');
  let chunks: number | undefined;
  const known = new Map<string, number>();

  return {
    chunks() {
      chunks ??= count.get()?.count as number;
      return chunks;
    },
    of(stems) {
      if (known.size >= mostKept) known.clear();
      return stems.map((stem) => {
        const found = known.get(stem) ?? Number(frequency.get(stem)?.doc ?? 0);
        known.set(stem, found);
        return { stem, chunks: found };
      });
    },
    forget() {
      chunks = undefined;
      known.clear();
    },
  };
}
