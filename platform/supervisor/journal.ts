import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What must survive the supervisor: which release of each unit runs, what ran before, and which processes are ours. */

const historyEntry = z.object({
  release: z.string(),
  at: z.string(),
  action: z.enum(['deploy', 'rollback']),
  startMs: z.number().optional(),
});
export type HistoryEntry = z.output<typeof historyEntry>;

const journalSchema = z.object({
  units: z.record(z.string(), z.object({ release: z.string(), history: z.array(historyEntry) })).default({}),
  processes: z.array(z.object({ pid: z.number(), marker: z.string() })).default([]),
});
export type JournalState = z.output<typeof journalSchema>;

export interface Journal {
  readonly state: JournalState;
  /** Writes the state as a whole or not at all; writes do not overlap. */
  save(): Promise<void>;
}

/** @throws when the file is there but is no journal */
export async function openJournal(path: string): Promise<Journal> {
  const state = await readFile(path, 'utf8').then(
    (text) => parse(path, text),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return journalSchema.parse({});
      throw error;
    },
  );
  let writing: Promise<void> = Promise.resolve();
  return {
    state,
    save() {
      // A write that failed, on a full disk, must not fail all that follow.
      writing = writing
        .catch(() => {})
        .then(async () => {
          await writeFile(`${path}.next`, JSON.stringify(state, null, 1), { mode: 0o600 });
          await rename(`${path}.next`, path);
        });
      return writing;
    },
  };
}

function parse(path: string, text: string): JournalState {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`Read journal "${path}": not readable; move it away to start with an empty one`, { cause });
  }
}
