import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SettlementJournal } from './call-metering.ts';
import type { SettlementRow } from './call-rows.ts';

/*
 * What has ended is appended to a file of this process before the caller hears of it, and stays there until it is in the database.
 * Nothing is forced to the disk: what was written survives the process, which is what may be killed. A file is removed by its own
 * process as soon as all of its lines are confirmed; one that was not written to for long belongs to a process that is gone, and
 * is read and removed by another, see `replay-journals.ts`.
 */

/** A line of a journal. */
export interface JournalLine {
  organizationId: string;
  row: SettlementRow;
}

/** A file takes no more lines once it is this old or this long, so that one that another process removes is never written to. */
const FULL_MS = 20_000;
const FULL_BYTES = 4 * 1024 * 1024;
/** A file whose lines are all confirmed waits for so long for others. */
const IDLE_MS = 2_000;

export const JOURNAL_SUFFIX = '.jsonl';

interface Segment {
  path: string;
  file: number;
  openedAt: number;
  bytes: number;
  unconfirmed: number;
}

/** @param folder shared by all processes that settle calls; made when it is missing */
export function openJournal(folder: string, now: () => number = Date.now): SettlementJournal {
  mkdirSync(folder, { recursive: true });
  let current: Segment | undefined;
  let idle: NodeJS.Timeout | undefined;

  function open(): Segment {
    const path = join(folder, `${crypto.randomUUID()}${JOURNAL_SUFFIX}`);
    return { path, file: openSync(path, 'a', 0o660), openedAt: now(), bytes: 0, unconfirmed: 0 };
  }

  function remove(segment: Segment): void {
    closeSync(segment.file);
    try {
      unlinkSync(segment.path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  function writable(): Segment {
    const isFull = current && (now() - current.openedAt > FULL_MS || current.bytes > FULL_BYTES);
    if (current && isFull) {
      if (current.unconfirmed === 0) remove(current);
      current = undefined;
    }
    current ??= open();
    return current;
  }

  function removeIdle(): void {
    if (current?.unconfirmed !== 0) return;
    remove(current);
    current = undefined;
  }

  return {
    append(organizationId, row) {
      const segment = writable();
      const line: JournalLine = { organizationId, row };
      segment.bytes += writeSync(segment.file, `${JSON.stringify(line)}\n`);
      segment.unconfirmed++;
      return () => {
        segment.unconfirmed--;
        if (segment.unconfirmed > 0) return;
        if (segment !== current) remove(segment);
        else {
          clearTimeout(idle);
          idle = setTimeout(removeIdle, IDLE_MS).unref();
        }
      };
    },
    close() {
      clearTimeout(idle);
      removeIdle();
    },
  };
}
