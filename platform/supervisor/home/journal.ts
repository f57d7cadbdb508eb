import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';

/** What must survive the supervisor: what runs of each unit, what ran before, and which processes are ours. */

const historyEntry = z.object({
  release: z.string(),
  at: z.string(),
  action: z.enum(['deploy', 'rollback', 'promote']),
  /** Login name of the operator; none for what a start of the platform brought. */
  by: z.string().optional(),
  revision: z.string().optional(),
  bytes: z.number().optional(),
  startMs: z.number().optional(),
  /** Why the release before it was restored. */
  restored: z.string().optional(),
});
export type HistoryEntry = z.output<typeof historyEntry>;

const unitRecord = z.object({
  /** The release that serves; while none does, the one that did last. */
  release: z.string().optional(),
  history: z.array(historyEntry).default([]),
  /** Processes an operator asked for, in place of the scaling by load. */
  scale: z.number().int().min(0).optional(),
  /** A queue whose jobs wait until it is resumed. */
  paused: z.boolean().optional(),
  /** With who deployed it. */
  canary: z.object({ release: z.string(), percent: z.number(), by: z.string().optional() }).optional(),
});
/** What is kept of one unit. */
export type UnitRecord = z.output<typeof unitRecord>;

/** What the processes of a release are for. */
export const roles = ['current', 'canary', 'preview', 'replaced'] as const;
export type Role = (typeof roles)[number];

const processEntry = z.object({
  unit: z.string(),
  role: z.enum(roles),
  id: z.string(),
  release: z.string(),
  pid: z.number(),
  /** What tells it from a later process with the same id, see process/identity.ts. */
  startTime: z.string(),
  socket: z.string(),
  /** Digest of its environment, see process/settings-digest.ts. */
  settings: z.string().optional(),
  startedAt: z.string(),
  startMs: z.number().optional(),
});
export type ProcessEntry = z.output<typeof processEntry>;

const journalSchema = z.object({
  units: z.record(z.string(), unitRecord).default({}),
  processes: z.array(processEntry).default([]),
  /** The boot that the processes belong to. */
  boot: z.string().optional(),
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
  let queued: Promise<void> | undefined;
  const write = async () => {
    queued = undefined;
    await replaceFile(path, JSON.stringify(state, null, 1), { flush: true });
  };
  return {
    state,
    save() {
      // A write that failed, on a full disk, must not fail all that follow; one that waits will hold this state too.
      queued ??= writing = writing.catch(() => {}).then(write);
      return queued;
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
