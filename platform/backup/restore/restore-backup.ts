import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ERASURES_FOLDER, type Erasure, readErasures } from '../../capabilities/storage/erasure-journal.ts';
import { findBinaries } from '../../services/binaries.ts';
import { type Home, prepareHome } from '../../services/home.ts';
import { openJournal } from '../../supervisor/home/journal.ts';
import { writeRecord } from '../../supervisor/home/whole-home.ts';
import { type Backup, findBackup, listBackups } from '../list-backups.ts';
import type { Manifest } from '../manifest.ts';
import type { Repository } from '../repository/restic.ts';
import { backupFolder } from '../state.ts';
import { readManifest, readStoredInventory } from '../verify-backup.ts';
import { whatIsInTheWay } from './check-restorable.ts';
import { placeParts } from './place-parts.ts';
import { type Proof, proveRestored } from './prove-restored.ts';
import { writeRestored } from './restored-record.ts';
import { type Settled, settleDatabase } from './settle-database.ts';
import { startRestored } from './start-restored.ts';

export interface RestoreOptions {
  repository: Repository;
  /** Undefined for the newest complete one. */
  id: string | undefined;
  /** The new home: a folder that is missing or empty. */
  into: string;
  /** Names of workers whose jobs are to wait. */
  held: readonly string[];
  /** Folder of files of the home that was backed up, where this host still has it: its newest erasures are in it. */
  formerFiles?: string | undefined;
  progress: (line: string) => void;
}

export interface Restored {
  id: string;
  into: string;
  manifest: Manifest;
  seconds: number;
  proofs: Proof[];
  settled: Settled;
  held: readonly string[];
}

/**
 * Restores a backup into a new home. The home is marked before anything is put there, and does not start before all of it is in its
 * place. Nothing of the platform runs.
 * @throws naming everything that is in the way, before anything is touched
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { repository, into, held, progress } = options;
  const began = performance.now();
  const { backups, backup, manifest, programs } = await choose(options);
  const home = await prepareHome(into);
  await writeRecord(home, { id: manifest.home, state: 'restoring' });
  await placeParts({ repository, manifest, home, programs, progress });
  const inventory = await readStoredInventory(repository, manifest, backup.manifest);
  progress('Starting the database');
  const server = await startRestored(home, programs);
  try {
    progress('Comparing with the manifest');
    const proofs = await proveRestored({ url: server.url, filesFolder: home.files }, manifest, inventory);
    const failed = proofs.filter(({ isPassed }) => !isPassed);
    if (failed.length > 0) {
      const details = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
      throw new Error(`Restore backup "${backup.id}": what was restored differs from the manifest: ${details}`);
    }
    const erasures = await collectErasures(options, { home, backups, backup });
    const settled = await settleDatabase(server.url, { erasures, filesFolder: home.files });
    await server.stop();
    await hold(home, held);
    await writeRestored(home, {
      ...{ backup: backup.id, at: manifest.at, restoredAt: new Date().toISOString(), held: [...held] },
    });
    await writeRecord(home, { id: manifest.home });
    const seconds = (performance.now() - began) / 1000;
    return { id: backup.id, into: home.root, manifest, seconds, proofs, settled, held };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The backup that is meant, when nothing keeps it from being restored. */
export async function choose({ repository, id, into }: Pick<RestoreOptions, 'repository' | 'id' | 'into'>) {
  const backups = await listBackups(repository);
  const backup = findBackup(backups, id);
  const manifest = await readManifest(repository, backup);
  const { postgres: programs } = await findBinaries(['postgres']);
  const snapshots = new Set(backups.flatMap((each) => each.snapshots));
  const mistakes = await whatIsInTheWay({ manifest, into: resolve(into), programs, snapshots });
  if (mistakes.length > 0) {
    throw new Error(`Restore backup "${backup.id}" into "${into}":\n${mistakes.map((line) => `  ${line}`).join('\n')}`);
  }
  return { backups, backup, manifest, programs };
}

interface Found {
  home: Home;
  backups: readonly Backup[];
  backup: Backup;
}

/** From this backup, the newest one of the same home, and that home itself: what was erased last may be known to one of them alone. */
async function collectErasures(
  { repository, formerFiles }: RestoreOptions,
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
  const found = (await Promise.all(folders.map(readErasures))).flat();
  await rm(draft, { recursive: true, force: true });
  return [...new Map(found.map((erasure) => [`${erasure.kind}-${erasure.id}`, erasure])).values()];
}

/** As an operator pauses a queue, before the first start. */
async function hold(home: Home, workers: readonly string[]): Promise<void> {
  const journal = await openJournal(join(home.root, 'journal.json'));
  for (const worker of workers) journal.state.units[worker] = { history: [], paused: true };
  await journal.save();
}
