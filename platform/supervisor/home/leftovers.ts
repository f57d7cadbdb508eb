import { join } from 'node:path';
import type { Home } from '../../services/home.ts';
import { endProcess, type FoundProcess, findProcesses } from '../../services/processes.ts';

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
    const found = startedByNoOther(await findProcesses(text));
    if (found.length === 0) continue;
    progress(`Ending ${what} (${found.length})`);
    await Promise.all(found.map(({ pid }) => endProcess(pid, stages)));
  }
}

/** Ends functions and workers that the journal does not know: it was not written in time, or was moved away. */
export async function endStrays(home: Home, known: readonly number[], progress: (line: string) => void): Promise<void> {
  const found = await findProcesses(`${home.releases}/`);
  const parents = new Map(found.map(({ pid, parent }) => [pid, parent]));
  const ours = new Set(known);
  const isOurs = (pid: number | undefined): boolean => pid !== undefined && (ours.has(pid) || isOurs(parents.get(pid)));
  for (const { pid } of startedByNoOther(found.filter((each) => !isOurs(each.pid)))) {
    progress(`Ending process ${pid}, which the journal does not know`);
    await endProcess(pid, stages);
  }
}

/** The children of a worker, and theirs, end with their work: a parser that is ended before its worker would look like a crash. */
function startedByNoOther(found: readonly FoundProcess[]): FoundProcess[] {
  const pids = new Set(found.map(({ pid }) => pid));
  return found.filter(({ parent }) => !pids.has(parent));
}
