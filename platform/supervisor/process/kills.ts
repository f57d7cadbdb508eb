import { appendFile, readFile } from 'node:fs/promises';
import type { Log } from '../../kernel/log.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { endReasons, type KillRow } from '../control/contract.ts';

/** Which processes ended without being asked to, or were ended, and why. */
export interface Kills {
  /** Returns at once; what cannot be written, on a full disk, is kept in memory and logged. */
  record(row: KillRow): void;
  /** Oldest first; of one unit or of all. */
  list(unit?: string): KillRow[];
  /** Resolves when all is on disk that can be written. */
  close(): Promise<void>;
}

/** How many are kept. */
const KEPT = 1_000;

/** The rows of a file of JSON lines, which is shortened to the last 1,000 when it is opened. */
export async function openKills(path: string, log: Pick<Log, 'error'>): Promise<Kills> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const lines = text.split('\n').filter(Boolean);
  const rows = lines.flatMap(parse).slice(-KEPT);
  const report = (error: unknown) => log.error({ error }, 'Record of ended processes: not written');
  let writing: Promise<void> = Promise.resolve();
  // A last line without its end would swallow the next one.
  if (rows.length < lines.length || (text !== '' && !text.endsWith('\n'))) {
    writing = replaceFile(path, rows.map(toLine).join('')).catch(report);
  }
  return {
    record(row) {
      rows.push(row);
      if (rows.length > KEPT) rows.shift();
      writing = writing.then(() => appendFile(path, toLine(row), { mode: 0o600 })).catch(report);
    },
    list: (unit) => (unit === undefined ? [...rows] : rows.filter((row) => row.unit === unit)),
    close: () => writing,
  };
}

const toLine = (row: KillRow) => `${JSON.stringify(row)}\n`;

/** Nothing for a line that a supervisor was killed over, or that somebody has changed. */
function parse(line: string): KillRow[] {
  try {
    const row: KillRow = JSON.parse(line);
    return typeof row.unit === 'string' && endReasons.includes(row.reason) ? [row] : [];
  } catch {
    return [];
  }
}
