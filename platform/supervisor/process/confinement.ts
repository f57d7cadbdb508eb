import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type KnownVariable, secretKeyOf } from '../../kernel/environment.ts';
import { figuresPath } from '../../kernel/paths/figures-path.ts';
import { jobsDraftPath, jobsPath } from '../../kernel/paths/jobs-path.ts';
import type { Release } from '../release/release.ts';
import type { Unit } from '../unit.ts';

/*
 * What a process may do under Node's permission model: read its release and what its environment names, write what it
 * keeps there and the figures and jobs it leaves at its end, and nothing else. Unix sockets and the network are not subject to
 * it, so databases are reached as ever; it neither starts programs nor threads unless that stands here.
 */

/** Node's flags for a process. @param natives names of the packages that stand in the release, see `nativesOf` */
export function confinementFlags(
  unit: Unit,
  release: Pick<Release, 'entry'> & { natives: readonly string[] },
  environment: Record<string, string>,
  process: { socket?: string | undefined; compileCache: string; variables: readonly KnownVariable[] },
): string[] {
  const given = (isMeant: (variable: KnownVariable) => boolean) =>
    process.variables.filter(isMeant).flatMap(({ name }) => environment[name] ?? []);
  const read = [within(dirname(release.entry)), ...given(isRead)];
  const write = [
    ...(process.socket === undefined ? [] : leavesAt(process.socket, unit)),
    within(process.compileCache), // SQLite writes next to a database that it only reads.
    ...given((variable) => variable.path !== undefined && !isRead(variable)).map(within),
  ];
  const hasAddons = release.natives.length > 0;
  const hasChildren = unit.kind === 'worker' && Object.keys(unit.manifest.children).length > 0;
  const hasThreads = unit.kind === 'function' && Object.keys(unit.manifest.threads).length > 0;
  return [
    '--permission',
    ...[...read, ...write].map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
    // Node warns of both in the log at each start.
    ...(hasAddons ? ['--allow-addons', '--disable-warning=PERM0001'] : []),
    // Threads are held to the same permissions.
    ...(hasThreads ? ['--allow-worker', '--disable-warning=PERM0006'] : []),
    // It watches the memory and the work of its children, which could read for it whatever its user may read.
    ...(hasChildren ? ['--allow-child-process', '--disable-warning=PERM0002', '--allow-fs-read=/proc/*'] : []),
  ];
}

/** What a process leaves at its end, for its supervisor. */
function leavesAt(socket: string, { kind }: Unit): string[] {
  const jobs = jobsPath(socket);
  return [figuresPath(socket), ...(kind === 'worker' ? [jobs, jobsDraftPath(jobs)] : [])];
}

const isRead = (variable: KnownVariable): boolean =>
  variable.path === 'file' || variable.path === 'key' || secretKeyOf(variable) !== undefined;

/** A folder with all in it. Without the star, one that does not exist yet would count as a file. */
const within = (folder: string): string => join(folder, '*');

/** Packages with native parts that stand next to a release's bundle. */
export function nativesOf({ entry }: Pick<Release, 'entry'>): string[] {
  try {
    return readdirSync(join(dirname(entry), 'node_modules'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
