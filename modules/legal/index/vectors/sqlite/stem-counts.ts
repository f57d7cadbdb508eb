import type { DatabaseSync } from 'node:sqlite';
import type { StemFrequency } from './prune-stems.ts';

/** How many chunks there are and how many hold a stem. FTS5 reads all postings of a stem for that, so it is kept. */
export interface StemCounts {
  chunks(): number;
  /** In the order of the stems. */
  of(stems: readonly string[]): StemFrequency[];
}

/** Of each file that is open; about 100 bytes each. */
const mostKept = 2_000;

export const stemCountsSchema = 'CREATE VIRTUAL TABLE stem_frequencies USING fts5vocab(words, row);';

export function openStemCounts(db: DatabaseSync): StemCounts {
  const frequency = db.prepare('SELECT doc FROM stem_frequencies WHERE term = ?');
  const count = db.prepare('SELECT count(*) AS count FROM chunks');
  // The first part changes with what other connections write, the second with what this one does.
  const writes = db.prepare("SELECT data_version || ' ' || total_changes() AS state FROM pragma_data_version");
  let state: unknown;
  let chunks: number | undefined;
  const known = new Map<string, number>();

  const forgetOutdated = () => {
    const now = writes.get()?.state;
    if (now === state && known.size < mostKept) return;
    state = now;
    chunks = undefined;
    known.clear();
  };

  return {
    chunks() {
      forgetOutdated();
      chunks ??= count.get()?.count as number;
      return chunks;
    },
    of(stems) {
      forgetOutdated();
      return stems.map((stem) => {
        const found = known.get(stem) ?? Number(frequency.get(stem)?.doc ?? 0);
        known.set(stem, found);
        return { stem, chunks: found };
      });
    },
  };
}
