import { chmod, lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../../kernel/replace-file.ts';
import { readIfExists } from '../../services/processes.ts';
import { type BoundSettings, renderConnectionBound } from './connection-bound.ts';
import { places, renderUnit } from './systemd-unit.ts';

export interface Installation {
  /** The checkout. */
  project: string;
  /** The folder that holds all state. */
  home: string;
  settings: BoundSettings;
  /** Folders that the settings name next to the home. */
  writable?: readonly string[] | undefined;
  /** All files go below this folder; nothing else is touched. */
  prefix?: string | undefined;
}

const firstEnvironment = `# Settings of the installed platform, NAME=value a line; .env.example of the project lists all.
# Read at the start of the service: systemctl restart pandect. Only root may read this file.
`;

/** Absolute paths of folders that the settings name, which the service writes to. */
export const writableFolders = (source: Record<string, string | undefined>): string[] =>
  [source.BACKUP_TO, source.UPLOAD_DIR].flatMap((path) => (path?.startsWith('/') ? [path] : []));

/** What an installation consists of: path → content, or the target of a link. */
export function installedFiles({ project, home, settings, writable = [], prefix }: Installation) {
  const { unit, environment, connections, command } = places(prefix);
  return {
    unit: { path: unit, content: renderUnit({ project, home, writable }), mode: 0o644 },
    environment: { path: environment, content: firstEnvironment, mode: 0o600 },
    connections: { path: connections, content: renderConnectionBound(settings), mode: 0o644 },
    command: { path: command, target: join(project, 'scripts/pandect') },
  };
}

/**
 * Writes what is missing or different; settings that are there stay.
 * @returns the paths that were written
 * @throws when the command's place is taken by something that is not ours
 */
export async function writeInstallation(installation: Installation): Promise<string[]> {
  const { unit, environment, connections, command } = installedFiles(installation);
  const written: string[] = [];
  if (await isForeign(command.path)) {
    throw new Error(`Install command "${command.path}": something else is there; move it away`);
  }
  for (const { path, content, mode } of [unit, environment, connections]) {
    const existing = await readIfExists(path);
    if (existing === content || (path === environment.path && existing !== undefined)) continue;
    await mkdir(dirname(path), { recursive: true });
    await replaceFile(path, content);
    await chmod(path, mode);
    written.push(path);
  }
  if ((await linkAt(command.path)) !== command.target) {
    await mkdir(dirname(command.path), { recursive: true });
    await rm(command.path, { force: true });
    await symlink(command.target, command.path);
    written.push(command.path);
  }
  return written;
}

/**
 * Takes away what an installation wrote.
 * @param purge also settings that were changed; the data is not touched here
 * @returns the paths that were removed
 */
export async function removeInstallation(prefix: string | undefined, purge: boolean): Promise<string[]> {
  const { unit, environment, connections, command } = places(prefix);
  const removed: string[] = [];
  const remove = async (path: string) => {
    if (!(await exists(path))) return;
    await rm(path);
    removed.push(path);
  };
  await remove(unit);
  await remove(connections);
  if ((await linkAt(command)) !== undefined && !(await isForeign(command))) await remove(command);
  const settings = await readIfExists(environment);
  if (purge || settings === firstEnvironment) await remove(environment);
  return removed;
}

/** A link to some checkout's `scripts/pandect` is ours. */
const isForeign = async (path: string): Promise<boolean> =>
  (await exists(path)) && !(await linkAt(path))?.endsWith('/scripts/pandect');

const linkAt = (path: string): Promise<string | undefined> => readlink(path).catch(() => undefined);

const exists = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
