import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createErasureJournal,
  ERASURES_FOLDER,
  type Erasure,
  lastErasures,
  readErasures,
} from '../../capabilities/storage/erasure-journal.ts';
import type { Composition, Source, Verdict } from '../../kernel/composition.ts';
import { shareAll } from '../../services/carry-over.ts';
import { type Home, prepareHome } from '../../services/home.ts';
import { openJournal } from '../../supervisor/home/journal.ts';
import { writeRecord } from '../../supervisor/home/whole-home.ts';
import { type Backup, findBackup } from '../list-backups.ts';
import { listLog, ofHome } from '../log/list-log.ts';
import type { LogRecord } from '../log/log-record.ts';
import type { Manifest } from '../manifest.ts';
import type { Repository } from '../repository/restic.ts';
import { backupFolder } from '../state.ts';
import { readManifest } from '../verify-backup.ts';
import { runAfterRestore } from './after-restore.ts';
import { settleDump } from './bring-back-dump.ts';
import { chooseBackup } from './choose-backup.ts';
import type { Proof } from './prove-restored.ts';
import { replay } from './replay.ts';
import { writeRestored } from './restored-record.ts';
import { type Settled, settleDatabase } from './settle-database.ts';

export interface RestoreOptions {
  repository: Repository;
  /** Undefined for the newest complete one, and all log that follows it. */
  id: string | undefined;
  /** The moment that the database is to be as of. */
  at?: Date | undefined;
  /** The new home: a folder that is missing or empty. */
  into: string;
  /** Of the database elsewhere that a dump is brought back into: an empty one. */
  databaseUrl?: string | undefined;
  /** Names of workers whose jobs are to wait. */
  held: readonly string[];
  /** Folder of files of the home that was backed up, where this host still has it: its newest erasures are in it. */
  formerFiles?: string | undefined;
  /** What the hosts have noted in their bucket. */
  noted?: readonly Erasure[];
  /** How far that home has kept its log. */
  former?: LogRecord | undefined;
  /** What modules set right, with the operator's settings. */
  afterRestore?: Composition['afterRestore'];
  settings?: Source;
  progress: (line: string) => void;
}

export interface Restored {
  id: string;
  into: string;
  /** What the database is as of, and the files. */
  at: string;
  filesAt: string | undefined;
  manifest: Manifest;
  seconds: number;
  proofs: Proof[];
  settled: Settled;
  /** What modules have set right. */
  after: Record<string, Verdict>;
  held: readonly string[];
}

/**
 * Restores a backup into a new home. The home is marked before anything is put there, and does not start before all of it is in its
 * place. Nothing of the platform runs.
 * @throws naming everything that is in the way, before anything is touched
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { repository, into, held, progress, databaseUrl } = options;
  const began = performance.now();
  const choice = await chooseBackup({ ...options, dumpTarget: { databaseUrl } });
  const { backups, backup, manifest } = choice;
  const home = await prepareHome(into);
  await writeRecord(home, { id: manifest.home, state: 'restoring' });
  const { server, proofs } = await replay({ repository, choice, home, progress });
  try {
    const failed = proofs.filter(({ isPassed }) => !isPassed);
    if (failed.length > 0) {
      const details = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
      throw new Error(`Restore backup "${backup.id}": what was restored differs from the manifest: ${details}`);
    }
    const erasures = await collectErasures(options, { home, backups, backup });
    await keepErasures(home, erasures);
    const settled = await settleDatabase(server.url, { erasures, filesFolder: home.files });
    if (manifest.database.kind === 'dump') await settleDump(server.url);
    const { afterRestore = {}, settings = {} } = options;
    const data = { databaseUrl: server.url, at: choice.asOf, erased: erasures, settings };
    const after = await runAfterRestore(afterRestore, data);
    await server.stop();
    await hold(home, held);
    const at = choice.asOf.toISOString();
    await writeRestored(home, { backup: backup.id, at, restoredAt: new Date().toISOString(), held: [...held] });
    await writeRecord(home, { id: manifest.home });
    const seconds = (performance.now() - began) / 1000;
    const filesAt = choice.files?.at.toISOString();
    return { id: backup.id, into: home.root, at, filesAt, manifest, seconds, proofs, settled, after, held };
  } catch (error) {
    await server.stop();
    throw manifest.database.kind === 'dump' ? notSettled(error as Error, home) : error;
  }
}

const notSettled = (cause: Error, { root }: Home) =>
  new Error(
    `${cause.message}; the database of DATABASE_URL is filled and must not be used: ` +
      `create it again, remove the folder "${root}", and restore again`,
    { cause },
  );

interface Found {
  home: Home;
  backups: readonly Backup[];
  backup: Backup;
}

/** From this backup, the newest one of the same home, the files stored last, that home itself and the bucket: what was erased last may be known to one of them alone. */
async function collectErasures(
  { repository, formerFiles, noted = [] }: RestoreOptions,
  { home, backups, backup }: Found,
): Promise<Erasure[]> {
  const folders = [join(home.files, ERASURES_FOLDER), ...(formerFiles ? [join(formerFiles, ERASURES_FOLDER)] : [])];
  const newest = findBackup(backups, undefined, backup.home);
  const draft = join(backupFolder(home), 'erasures');
  if (newest.id !== backup.id) {
    const { snapshots } = await readManifest(repository, newest);
    await repository.restore(snapshots.home, draft, [`/${ERASURES_FOLDER}`]);
    folders.push(join(draft, ERASURES_FOLDER));
  }
  const latest = ofHome(await listLog(repository), backup.home).files.at(-1);
  if (latest) {
    const folder = `${draft}-latest`;
    await repository.restore(latest.snapshot, folder, [`/${ERASURES_FOLDER}`]);
    folders.push(join(folder, ERASURES_FOLDER));
  }
  const found = (await Promise.all(folders.map(readErasures))).flat();
  await rm(`${draft}-latest`, { recursive: true, force: true });
  await rm(draft, { recursive: true, force: true });
  return lastErasures([...found, ...noted]);
}

/** In the restored home as well, for its own backups and `pandect reconcile`. */
async function keepErasures(home: Home, erasures: readonly Erasure[]): Promise<void> {
  const journal = createErasureJournal({ directory: home.files });
  for (const erasure of erasures) await journal.note(erasure);
  if (home.ids && erasures.length > 0) await shareAll(join(home.files, ERASURES_FOLDER), home.ids.files);
}

/** As an operator pauses a queue, before the first start. */
export async function hold(home: Home, workers: readonly string[]): Promise<void> {
  const journal = await openJournal(join(home.root, 'journal.json'));
  for (const worker of workers)
    journal.state.units[worker] = { history: [], ...journal.state.units[worker], paused: true };
  await journal.save();
}
