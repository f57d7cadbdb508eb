import { resolve } from 'node:path';
import { findBinaries } from '../../services/binaries.ts';
import { type Backup, findBackup, listBackups } from '../list-backups.ts';
import { listLog, ofHome, type StoredChapter, type StoredFiles } from '../log/list-log.ts';
import type { LogRecord } from '../log/log-record.ts';
import { backupFor, continuationOf, filesFor } from '../log/restorable-range.ts';
import type { Manifest } from '../manifest.ts';
import type { Repository } from '../repository/restic.ts';
import { readManifest } from '../verify-backup.ts';
import type { DumpTarget } from './check-dump.ts';
import { whatIsInTheWay } from './check-restorable.ts';

export interface Wanted {
  repository: Repository;
  /** Undefined for the one that reaches furthest. */
  id: string | undefined;
  /** The moment that the database is to be as of; undefined for all that there is, or, with an id, for that of the backup. */
  at?: Date | undefined;
  /** A folder that is missing or empty. */
  into: string;
  /** Of the home that was backed up, where this host still has it. */
  former?: LogRecord | undefined;
  /** Where a dump is brought back. */
  dumpTarget: DumpTarget;
}

/** What is put together, of which nothing stands in the way. */
export interface Choice {
  /** All of the repository. */
  backups: readonly Backup[];
  backup: Backup & { manifest: string };
  manifest: Manifest;
  /** Folder of PostgreSQL's programs; PATH when empty. */
  programs: string;
  /** Of the database elsewhere that a dump is brought back into; undefined for a server of the home. */
  databaseUrl: string | undefined;
  /** Log to go on with; none to stay with the moment of the backup. */
  chapters: readonly StoredChapter[];
  /** Where the log ends, if not at its end. */
  at: Date | undefined;
  /** What the database will be as of. */
  asOf: Date;
  /** The snapshot of the files, and what it is as of; undefined where there are none. */
  files: Pick<StoredFiles, 'snapshot' | 'at'> | undefined;
}

/** @throws naming everything that is in the way */
export async function chooseBackup({ repository, id, at, into, former, dumpTarget }: Wanted): Promise<Choice> {
  const backups = await listBackups(repository);
  const newest = findBackup(backups, id);
  const log = ofHome(await listLog(repository), newest.home);
  const ends = log.chapters.map((chapter) => withKnownEnd(chapter, former));
  const ofSame = id === undefined ? backups.filter(({ home }) => home === newest.home) : [newest];
  const found =
    at === undefined
      ? { backup: newest, chapters: chaptersAfter(newest, id, ends) }
      : await momentOf(at, { repository, newest, ofSame, ends });
  const { chapters } = found;
  const backup = findBackup(backups, found.backup.id);
  const manifest = await readManifest(repository, backup);
  const isDump = manifest.database.kind === 'dump';
  const programs = await findPrograms(isDump);
  const snapshots = new Set(backups.flatMap((each) => each.snapshots));
  const mistakes = await whatIsInTheWay({
    manifest,
    into: resolve(into),
    programs,
    snapshots,
    log: sizeOfLog(chapters),
    dumpTarget,
  });
  if (mistakes.length > 0) {
    throw new Error(`Restore backup "${backup.id}" into "${into}":\n${mistakes.map((line) => `  ${line}`).join('\n')}`);
  }
  const asOf = at ?? chapters.at(-1)?.until ?? new Date(manifest.at);
  const databaseUrl = isDump && dumpTarget !== 'own server' ? dumpTarget.databaseUrl : undefined;
  return { backups, backup, manifest, programs, databaseUrl, chapters, at, asOf, files: chooseFiles() };

  function chooseFiles(): Choice['files'] {
    const own = manifest.snapshots.files;
    const ofBackup = own === null ? undefined : { snapshot: own, at: new Date(manifest.at) };
    if (chapters.length === 0) return ofBackup;
    // A commit of the log may be later than what is known of its end.
    const later = at === undefined ? log.files.at(-1) : filesFor(at, log.files);
    return later && later.at >= new Date(manifest.at) ? later : ofBackup;
  }
}

/** A host that has its database elsewhere may have no more than the programs that make dumps. */
const findPrograms = (isDump: boolean): Promise<string> =>
  findBinaries(['postgres']).then(
    ({ postgres }) => postgres,
    (error: Error) => {
      if (isDump) return '';
      throw error;
    },
  );

interface Held {
  repository: Repository;
  newest: Backup & { manifest: string };
  ofSame: readonly Backup[];
  ends: readonly StoredChapter[];
}

/** @throws naming what can be restored, or that a dump is as of its own moment alone */
async function momentOf(at: Date, { repository, newest, ofSame, ends }: Held): Promise<ReturnType<typeof backupFor>> {
  try {
    return backupFor(at, ofSame, ends);
  } catch (error) {
    const { database } = await readManifest(repository, newest);
    if (database.kind === 'files') throw error;
    throw new Error(
      `Restore to ${at.toISOString()}: backup "${newest.id}" holds a dump, which is as of its own moment alone: leave --at out`,
    );
  }
}

const chaptersAfter = (backup: Backup, id: string | undefined, stored: readonly StoredChapter[]): StoredChapter[] =>
  id === undefined ? (continuationOf(backup, stored)?.chapters ?? []) : [];

/** The home knows up to when nothing followed; the target was told of it a minute ago or so. */
function withKnownEnd(chapter: StoredChapter, former: LogRecord | undefined): StoredChapter {
  const isLast = former?.archivedAt !== undefined && former.stream === chapter.stream && former.stored === chapter.to;
  if (!isLast) return chapter;
  return { ...chapter, until: new Date(Math.max(chapter.until.getTime(), Date.parse(former.archivedAt ?? ''))) };
}

const sizeOfLog = (chapters: readonly StoredChapter[]): number => (chapters.at(-1)?.to ?? 0) - (chapters[0]?.from ?? 0);
