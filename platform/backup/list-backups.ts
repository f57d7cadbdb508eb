import { parsePosition } from './log/position.ts';
import type { Repository, Snapshot } from './repository/restic.ts';

export interface Backup {
  id: string;
  /** The id of the home that it is of. */
  home: string;
  /** What its database is as of; of one that was cut off, when it began. */
  at: Date;
  isComplete: boolean;
  /** As its tags say; of a complete one. */
  version: string | undefined;
  files: number | undefined;
  bytes: number | undefined;
  /** The snapshot that holds the manifest. */
  manifest: string | undefined;
  /** The log that continues it: positions from which it is needed, and where the copy of the database ends. */
  log: { stream: string; from: number; to: number } | undefined;
  /** All snapshots of the repository that belong to it. */
  snapshots: string[];
}

/** Every snapshot has it; others in the repository are left alone. */
export const MARK = 'pandect';
export const COMPLETE = 'complete';
export const idTag = (id: string): string => `id=${id}`;

/** All backups of a repository, the newest last. */
export async function listBackups(repository: Repository): Promise<Backup[]> {
  const snapshots = await repository.snapshots([MARK]);
  const groups = Map.groupBy(snapshots, (snapshot) => tagValue(snapshot, 'id') ?? '');
  return [...groups]
    .filter(([id]) => id !== '')
    .map(([id, members]) => describe(id, members))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function describe(id: string, members: readonly Snapshot[]): Backup {
  const last = members.find(({ tags }) => tags.includes(COMPLETE));
  const [first] = members.toSorted((a, b) => a.time.getTime() - b.time.getTime()) as [Snapshot];
  const figure = (name: string) => {
    const value = last && tagValue(last, name);
    return value === undefined ? undefined : Number(value);
  };
  return {
    id,
    home: first.hostname,
    at: new Date((last && tagValue(last, 'at')) ?? (last ?? first).time),
    isComplete: last !== undefined,
    version: last && tagValue(last, 'version'),
    files: figure('files'),
    bytes: figure('bytes'),
    manifest: last?.id,
    log: last && logOf(last),
    snapshots: members.map((member) => member.id),
  };
}

function logOf(last: Snapshot): Backup['log'] {
  const [stream, from, to] = tagValue(last, 'log')?.split(':') ?? [];
  if (!stream || !from || !to) return undefined;
  return { stream, from: parsePosition(from), to: parsePosition(to) };
}

const tagValue = ({ tags }: Snapshot, name: string): string | undefined =>
  tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1);

/**
 * The complete backup that is meant.
 * @param id undefined for the newest
 * @param home only those of this home
 * @throws when there is none
 */
export function findBackup(
  backups: readonly Backup[],
  id: string | undefined,
  home?: string,
): Backup & { manifest: string } {
  const ours = backups.filter((backup) => home === undefined || backup.home === home);
  if (id === undefined) {
    const newest = ours.findLast(({ isComplete }) => isComplete);
    if (newest?.manifest === undefined) throw new Error('Find backup: there is no complete one');
    return { ...newest, manifest: newest.manifest };
  }
  const found = backups.find((backup) => backup.id === id);
  if (!found) throw new Error(`Find backup "${id}": there is none of this id; see pandect backup list`);
  if (found.manifest === undefined) throw new Error(`Find backup "${id}": it is not complete, as it was cut off`);
  return { ...found, manifest: found.manifest };
}
