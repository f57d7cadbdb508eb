import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../../../../db/client.ts';
import { settleRows } from './call-metering.ts';
import type { SettlementRow } from './call-rows.ts';
import { JOURNAL_SUFFIX, type JournalLine } from './journal.ts';

/** A file that was not written to for so long belongs to a process that is gone. */
const ABANDONED_MS = 60_000;
const TOGETHER = 64;

/**
 * Settles what processes left behind. What is in the database already changes nothing, so that files of living processes may be read as
 * well; only those that were abandoned are removed.
 * @returns lines that were settled or were so already
 */
export async function replayJournals(database: Database, folder: string, now: Date): Promise<number> {
  let lines = 0;
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const [text, state] = await Promise.all([readFile(path, 'utf8'), stat(path)]).catch(gone);
    if (text === undefined || !state) continue;
    const byOrganization = Map.groupBy(linesOf(text), ({ organizationId }) => organizationId);
    for (const [organizationId, all] of byOrganization) {
      const rows = all.map(({ row }): SettlementRow => row);
      for (let start = 0; start < rows.length; start += TOGETHER) {
        await settleRows(database, organizationId, rows.slice(start, start + TOGETHER));
      }
      lines += rows.length;
    }
    if (now.getTime() - state.mtimeMs > ABANDONED_MS) await unlink(path).catch(gone);
  }
  return lines;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(gone)) as string[];
  return names.filter((name) => name.endsWith(JOURNAL_SUFFIX)).sort();
}

/** Its process removed it in the meantime. */
function gone(error: unknown): [] {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return [];
}

/** The last line may be torn when the disk was full; the call is then charged with what it held. */
function linesOf(text: string): JournalLine[] {
  return text.split('\n').flatMap((line): JournalLine[] => {
    try {
      return line === '' ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
