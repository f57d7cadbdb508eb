import { join } from 'node:path';
import type { Home } from '../services/home.ts';
import { endProcess, findProcesses } from '../services/processes.ts';

/** Processes that a supervisor left behind when it was killed are found by their command lines, which name the home. */

const stages = [
  { signal: 'SIGTERM', seconds: 40 },
  { signal: 'SIGKILL', seconds: 5 },
] as const;

/** Ends everything that still runs for a home without a supervisor: first what takes requests, last where data lies. */
export async function endLeftovers(home: Home, progress: (line: string) => void): Promise<void> {
  const groups = [
    ['Caddy', join(home.run, 'Caddyfile')],
    ['functions and workers', `${home.releases}/`],
    ['PostgreSQL', `-D ${home.postgres}`],
    ['Redis', join(home.keys, 'redis.conf')],
  ] as const;
  for (const [what, text] of groups) {
    const found = await findProcesses(text);
    if (found.length === 0) continue;
    progress(`Ending ${what} (${found.length})`);
    await Promise.all(found.map(({ pid }) => endProcess(pid, stages)));
  }
}

/** Ends functions and workers that the journal does not know: it was not written in time, or was moved away. */
export async function endStrays(home: Home, known: readonly number[], progress: (line: string) => void): Promise<void> {
  const found = await findProcesses(`${home.releases}/`);
  const ours = new Set(known);
  for (const { pid, parent } of found) {
    // A worker's own children end with their work.
    if (ours.has(pid) || ours.has(parent)) continue;
    progress(`Ending process ${pid}, which the journal does not know`);
    await endProcess(pid, stages);
  }
}
