import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERASURES_FOLDER } from '../capabilities/storage/erasure-journal.ts';
import { version } from '../kernel/version.ts';
import type { Home } from '../services/home.ts';
import { readHomeId } from '../supervisor/home/whole-home.ts';
import { sourceRevision } from '../supervisor/source/source-revision.ts';
import { type BackupPlace, requireRepository } from './backup-place.ts';
import { copyDatabase } from './content/copy-database.ts';
import { copyHome, describeSettings, requireKeys } from './content/copy-home.ts';
import { withDatabase } from './content/database-source.ts';
import { gatherErasures } from './content/gather-erasures.ts';
import { type InventoryEntry, readInventory, summarize, takeInventory, writeInventory } from './content/inventory.ts';
import { COMPLETE, idTag, listBackups, MARK } from './list-backups.ts';
import { withBackupLock } from './lock-backups.ts';
import { listLog, ofHome } from './log/list-log.ts';
import { readLogRecord } from './log/log-record.ts';
import { logToRemove } from './log/log-to-remove.ts';
import { formatPosition } from './log/position.ts';
import { INVENTORY, MANIFEST, type Manifest, newBackupId, parseManifest, sizeOf } from './manifest.ts';
import { recordBackup } from './record-backup.ts';
import { ResticFailure } from './repository/restic-failure.ts';
import { backupsToRemove } from './repository/retention.ts';
import { backupFolder, changeBackupState, readBackupState } from './state.ts';

export interface CreatedBackup {
  manifest: Manifest;
  seconds: number;
  /** Bytes that it added to the repository. */
  added: number;
  /** Ids of backups that were removed by age. */
  removed: string[];
  /** False where others worked on the repository, so that the next backup removes what is too old. */
  isTidy: boolean;
}

/** What a folder of files holds next to whole files: uploads that still arrive, and the journal, which is stored with the keys. */
export const NOT_FILES = ['partial', '.spool', ERASURES_FOLDER];

/**
 * Makes a backup: the database first, then the files, so that every row that is stored has its file. The manifest is stored last
 * and read back; only then the backup counts, and older ones are removed.
 * @param root the checkout
 */
export async function createBackup(
  place: BackupPlace,
  { root, progress }: { root: string; progress: (line: string) => void },
): Promise<CreatedBackup> {
  return withBackupLock(place.home, async () => {
    try {
      return await create(place, root, progress);
    } catch (error) {
      await changeBackupState(place.home, {
        failure: { at: new Date().toISOString(), message: (error as Error).message.slice(0, 500) },
      });
      throw error;
    }
  });
}

async function create(place: BackupPlace, root: string, progress: (line: string) => void): Promise<CreatedBackup> {
  const { home } = place;
  const startedAt = new Date();
  const homeId = await readHomeId(home);
  if (homeId === undefined) throw new Error(`Back up "${home.root}": no platform was ever started there`);
  requireKeys(place.places);
  await requireRepository(place);
  const id = newBackupId(startedAt);
  const staging = join(backupFolder(home), 'staging');
  // What one that was killed has left.
  await rm(staging, { recursive: true, force: true });
  try {
    const stored = await storeParts(place, { id, homeId, staging }, progress);
    const manifest: Manifest = {
      ...{ format: 1, id, home: homeId, startedAt: startedAt.toISOString(), finishedAt: new Date().toISOString() },
      platform: { version, revision: (await sourceRevision(root)) ?? null, node: process.version },
      ...describeSettings(place.variables, place.source),
      ...stored.parts,
      database: { ...stored.parts.database, log: await continuedBy(home, stored.parts.database.log) },
    };
    progress('Completing the backup');
    const added = stored.added + (await complete(place, { manifest, inventory: stored.inventory, staging }));
    await recordBackup(place, manifest);
    const { removed, untidySince } = await removeOld(place, homeId);
    const seconds = (Date.now() - startedAt.getTime()) / 1000;
    const { newest, provableSince = newest?.finishedAt ?? manifest.finishedAt } = await readBackupState(home);
    await changeBackupState(home, {
      failure: undefined,
      untidySince,
      provableSince: manifest.database.kind === 'files' ? provableSince : undefined,
      newest: {
        id,
        startedAt: manifest.startedAt,
        finishedAt: manifest.finishedAt,
        seconds,
        bytes: sizeOf(manifest),
        added,
        target: place.target.repository,
        ...(manifest.database.log?.stream && { stream: manifest.database.log.stream }),
      },
    });
    return { manifest, seconds, added, removed, isTidy: untidySince === undefined };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Names the stream of the log that continues a copy, as far as one was kept when the copy began. */
async function continuedBy(home: Home, log: Manifest['database']['log']): Promise<Manifest['database']['log']> {
  const record = await readLogRecord(home);
  const isContinued = log && record?.from !== undefined && record.from <= log.from && record.timeline === log.timeline;
  return isContinued ? { ...log, stream: record.stream } : log;
}

interface Stored {
  parts: Pick<Manifest, 'at' | 'database' | 'keys' | 'certificates' | 'files' | 'snapshots'>;
  inventory: InventoryEntry[];
  added: number;
}

async function storeParts(
  { home, places, settings, source, variables, repository }: BackupPlace,
  { id, homeId, staging }: { id: string; homeId: string; staging: string },
  progress: (line: string) => void,
): Promise<Stored> {
  const copy = join(staging, 'home');
  await mkdir(copy, { recursive: true, mode: 0o700 });
  const tags = [MARK, idTag(id)];
  progress('Copying the database');
  const database = await withDatabase(places, settings.DATABASE_URL, (from) => copyDatabase(from, copy));
  const at = new Date().toISOString();
  // The bucket keeps them, and a restore asks it too: without it the backup is as good.
  await gatherErasures(home, source).catch((error: Error) => progress(`Erasures of other hosts: ${error.message}`));
  const parts = await copyHome(places, { variables, source }, copy);
  progress('Storing database and keys');
  const ofHome = await repository.store(copy, { home: homeId, tags });
  if (places.files === undefined) {
    const snapshots = { home: ofHome.id, files: null };
    return { parts: { at, database, ...parts, files: null, snapshots }, inventory: [], added: ofHome.added };
  }
  progress('Storing files');
  const known = await readInventory(join(backupFolder(home), INVENTORY));
  const found = await takeInventory(places.files, { known, skip: NOT_FILES });
  if (found.length === 0) {
    // restic stores no empty folder.
    const snapshots = { home: ofHome.id, files: null };
    const files = summarize([]);
    return { parts: { at, database, ...parts, files, snapshots }, inventory: [], added: ofHome.added };
  }
  const exclude = NOT_FILES.map((name) => join(places.files as string, name));
  const ofFiles = await repository.store(places.files, { home: homeId, tags, exclude, isInUse: true });
  const there = new Map((await repository.files(ofFiles.id)).map(({ path, bytes }) => [path.slice(1), bytes]));
  // What is not there was deleted in between; what came later has no row in this backup.
  const inventory = found.filter(({ path, bytes }) => there.get(path) === bytes);
  const snapshots = { home: ofHome.id, files: ofFiles.id };
  const files = summarize(inventory);
  return { parts: { at, database, ...parts, files, snapshots }, inventory, added: ofHome.added + ofFiles.added };
}

/** Stores the manifest when the target has all else, and reads it back: a target may say that it has what it has not. */
async function complete(
  { home, repository }: BackupPlace,
  { manifest, inventory, staging }: { manifest: Manifest; inventory: InventoryEntry[]; staging: string },
): Promise<number> {
  await repository.checkPresence();
  const folder = join(staging, 'manifest');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const lines = writeInventory(inventory);
  await writeFile(join(folder, MANIFEST), text, { mode: 0o600 });
  await writeFile(join(folder, INVENTORY), lines, { mode: 0o600 });
  await writeFile(join(backupFolder(home), INVENTORY), lines, { mode: 0o600 });
  const { log } = manifest.database;
  const figures = [
    ...[`version=${version}`, `files=${manifest.files?.count ?? 0}`, `bytes=${sizeOf(manifest)}`, `at=${manifest.at}`],
    ...(log?.stream ? [`log=${log.stream}:${formatPosition(log.from)}:${formatPosition(log.to)}`] : []),
  ];
  const { id, added } = await repository.store(folder, {
    home: manifest.home,
    tags: [MARK, idTag(manifest.id), COMPLETE, ...figures],
  });
  const back = await repository.read(id, `/${MANIFEST}`);
  if (back !== text)
    throw new Error(`Complete backup "${manifest.id}": the target returns another manifest than it was given`);
  parseManifest(manifest.id, back);
  return added;
}

/** As long as this, another backup may leave what is too old to the next; then it is a failure. */
const LONGEST_UNTIDY_MS = 3 * 24 * 3_600_000;

/**
 * Removes what is too old, which has to be alone in the repository: a large upload that is on its way leaves it to the next backup, and
 * not this one incomplete.
 * @returns since when that was put off; undefined when it is done
 */
async function removeOld(
  { home, repository }: BackupPlace,
  homeId: string,
): Promise<{ removed: string[]; untidySince: string | undefined }> {
  const ours = (await listBackups(repository)).filter((backup) => backup.home === homeId);
  const old = backupsToRemove(ours, new Date());
  const kept = ours.filter((backup) => !old.includes(backup));
  const log = ofHome(await listLog(repository), homeId);
  const forgotten = [...old.flatMap(({ snapshots }) => snapshots), ...logToRemove(kept, log)];
  const { untidySince } = await readBackupState(home);
  try {
    if (forgotten.length > 0) await repository.forget(forgotten, { isPatient: true });
    // One that was put off has left content that no snapshot has.
    if (forgotten.length > 0 || untidySince !== undefined) await repository.prune();
  } catch (error) {
    const since = untidySince ?? new Date().toISOString();
    const isLocked = error instanceof ResticFailure && error.kind === 'locked';
    if (!isLocked || Math.abs(Date.now() - Date.parse(since)) > LONGEST_UNTIDY_MS) throw error;
    const left = await listBackups(repository);
    return {
      removed: old.flatMap(({ id }) => (left.some((backup) => backup.id === id) ? [] : [id])),
      untidySince: since,
    };
  }
  return { removed: old.map(({ id }) => id), untidySince: undefined };
}
