import { bytes } from '../quantities.ts';
import type { Build } from './record.ts';

/** What is known before an upgrade changes anything. */
export interface Jump {
  /** What runs; undefined when no platform does. */
  from: Build | undefined;
  /** The checkout. */
  to: Build;
  /** Names of migrations that the database lacks. */
  pending: readonly string[];
  /** The database has migrations that the checkout does not. */
  isAhead: boolean;
  databaseBytes: number;
  freeBytes: number;
  /** Major versions of the embedded PostgreSQL; undefined with one of the operator's. */
  postgres: { data: number; program: number } | undefined;
  /** Units with a canary. */
  canaries: readonly string[];
  /** Units that serve and are not in the checkout. */
  gone: readonly string[];
  /** Whether BACKUP_TO is set. */
  hasTarget: boolean;
  wantsBackup: boolean;
  /** A supervisor of systemd's, which only root may restart. */
  isManaged: boolean;
  isRoot: boolean;
}

/** What speaks against an upgrade, and what the operator should know; a problem keeps it from beginning. */
export function judgeJump(jump: Jump): { problems: string[]; warnings: string[] } {
  const { from, to, isAhead, databaseBytes, freeBytes, postgres, canaries, gone, isManaged, isRoot } = jump;
  // The copy of the database before it is stored, then new releases and the log of the migrations.
  const needed = GIB + (jump.wantsBackup ? databaseBytes : 0);
  const problems = [
    ...(from && compareVersions(to.version, from.version) < 0
      ? [`the checkout is version ${to.version}, and ${from.version} runs: to go back, pandect upgrade --undo`]
      : []),
    ...(isAhead
      ? ['the database was migrated by a newer version than the checkout: to go back, pandect upgrade --undo']
      : []),
    ...(postgres && postgres.data !== postgres.program ? [majorMoved(postgres)] : []),
    ...(canaries.length > 0
      ? [`${canaries.join(', ')} ${canaries.length > 1 ? 'have canaries' : 'has a canary'}: promote or abort first`]
      : []),
    ...(jump.wantsBackup && !jump.hasTarget
      ? ['BACKUP_TO is not set, so that no backup can be made: set it (docs/backups.md), or say --no-backup']
      : []),
    ...(freeBytes < needed ? [`${bytes(freeBytes)} are free, and ${bytes(needed)} are needed: make room`] : []),
    ...(isManaged && !isRoot ? ['the service is systemd’s: run it as root'] : []),
  ];
  const warnings = [
    ...(jump.wantsBackup ? [] : ['without a backup, data that the new version spoils cannot be brought back']),
    ...(gone.length > 0
      ? [`${gone.join(', ')}: not in the checkout; ${gone.length > 1 ? 'they end' : 'it ends'} with the next start`]
      : []),
  ];
  return { problems, warnings };
}

const GIB = 1024 ** 3;

const majorMoved = ({ data, program }: { data: number; program: number }): string =>
  `the database files are of PostgreSQL ${data}, and ${program} is installed: install PostgreSQL ${data} next to it; docs/host.md tells how to move`;

/** Below zero when the first is older. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[.-]/).slice(0, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (const [place, number] of left.entries()) {
    const difference = number - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
