import { createHash } from 'node:crypto';
import type { BackupPlace } from './backup-place.ts';
import { DATABASE_FOLDER, DUMP } from './content/copy-database.ts';
import { CERTIFICATES_FOLDER, KEYS_FOLDER } from './content/copy-home.ts';
import { type InventoryEntry, parseInventory, summarize } from './content/inventory.ts';
import { findBackup, listBackups } from './list-backups.ts';
import { withBackupLock } from './lock-backups.ts';
import { INVENTORY, MANIFEST, type Manifest, parseManifest } from './manifest.ts';
import type { Repository, StoredFile } from './repository/restic.ts';
import { changeBackupState } from './state.ts';

export interface Verification {
  id: string;
  manifest: Manifest;
  seconds: number;
  /** What is not as the manifest says; empty when all is well. */
  differences: string[];
}

/**
 * Reads the whole repository back against its hashes, then compares one backup with its manifest.
 * @param wanted undefined for the newest complete one
 * @throws when the repository is damaged
 */
export async function verifyBackup(place: BackupPlace, wanted: string | undefined): Promise<Verification> {
  return withBackupLock(place.home, async () => {
    const { home, repository } = place;
    const began = performance.now();
    await repository.check();
    const backup = findBackup(await listBackups(repository), wanted);
    const manifest = await readManifest(repository, backup);
    const differences = await compare(repository, manifest, backup.manifest);
    const seconds = (performance.now() - began) / 1000;
    if (differences.length === 0) {
      await changeBackupState(home, { verified: { at: new Date().toISOString(), id: backup.id, seconds } });
    }
    return { id: backup.id, manifest, seconds, differences };
  });
}

export const readManifest = async (repository: Repository, { id, manifest }: { id: string; manifest: string }) =>
  parseManifest(id, await repository.read(manifest, `/${MANIFEST}`));

/** The list of stored files, which the manifest answers for. @throws when it is another one */
export async function readStoredInventory(
  repository: Repository,
  manifest: Manifest,
  snapshot: string,
): Promise<InventoryEntry[]> {
  const entries = parseInventory(await repository.read(snapshot, `/${INVENTORY}`));
  if (manifest.files !== null && summarize(entries).sha256 !== manifest.files.sha256) {
    throw new Error(`Read list of files of backup "${manifest.id}": it is not the one of the manifest`);
  }
  return entries;
}

async function compare(repository: Repository, manifest: Manifest, snapshot: string): Promise<string[]> {
  const { database, keys, certificates, snapshots } = manifest;
  const stored = await repository.files(snapshots.home);
  const isDump = database.kind === 'dump';
  const below = (folder: string) => stored.filter(({ path }) => path.startsWith(`/${folder}/`));
  const differences = [
    ...difference(
      'database',
      database,
      isDump ? stored.filter(({ path }) => path === `/${DUMP}`) : below(DATABASE_FOLDER),
    ),
    ...difference('keys', keys, below(KEYS_FOLDER)),
    ...difference('certificates', certificates, below(CERTIFICATES_FOLDER)),
  ];
  if (!isDump) {
    const list = await repository.read(snapshots.home, `/${DATABASE_FOLDER}/backup_manifest`);
    const sha256 = createHash('sha256').update(list).digest('hex');
    if (sha256 !== database.sha256) differences.push('database: its list of files is not the one of the manifest');
  }
  if (snapshots.files === null) return differences;
  const inventory = await readStoredInventory(repository, manifest, snapshot);
  const there = new Map((await repository.files(snapshots.files)).map(({ path, bytes }) => [path.slice(1), bytes]));
  const wrong = inventory.filter(({ path, bytes }) => there.get(path) !== bytes);
  if (wrong.length > 0)
    differences.push(`files: ${wrong.length} missing or of another size, "${wrong[0]?.path}" among them`);
  return differences;
}

function difference(
  part: string,
  { count, bytes }: { count: number; bytes: number },
  stored: readonly StoredFile[],
): string[] {
  const found = stored.reduce((sum, file) => sum + file.bytes, 0);
  if (stored.length === count && found === bytes) return [];
  return [`${part}: ${stored.length} files with ${found} bytes, not ${count} with ${bytes}`];
}
