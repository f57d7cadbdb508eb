import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Composition, Source } from '../kernel/composition.ts';
import { findBinaries } from '../services/binaries.ts';
import type { Home } from '../services/home.ts';
import type { OwnSettings } from '../supervisor/check-settings.ts';
import { type Places, placesOf } from '../supervisor/home/whole-home.ts';
import { keptPassphrase, type Passphrase, readPassphrase } from './repository/passphrase.ts';
import { openRestic, type Repository } from './repository/restic.ts';
import { readTarget, type Target } from './repository/target.ts';
import { backupFolder, changeBackupState, readBackupState } from './state.ts';

export interface BackupSettings
  extends Pick<
    OwnSettings,
    | 'DATABASE_URL'
    | 'STORAGE'
    | 'BACKUP_TO'
    | 'BACKUP_PASSPHRASE'
    | 'BACKUP_S3_ACCESS_KEY_ID'
    | 'BACKUP_S3_SECRET_ACCESS_KEY'
    | 'BACKUP_S3_REGION'
  > {}

/** One home and where its backups go. */
export interface BackupPlace {
  home: Home;
  places: Places;
  settings: BackupSettings;
  source: Source;
  variables: Composition['variables'];
  target: Target;
  passphrase: Passphrase;
  repository: Repository;
}

export type RepositoryAccess = Pick<BackupPlace, 'target' | 'passphrase' | 'repository'>;

/**
 * Opens what is there already, and makes nothing.
 * @param home undefined on a host that has none
 * @throws when there is no target, restic is missing, or the passphrase is neither given nor kept in the home
 */
export async function openRepository(settings: BackupSettings, home: Home | undefined): Promise<RepositoryAccess> {
  const kept = home && (await keptPassphrase(home));
  const text = settings.BACKUP_PASSPHRASE ?? kept;
  if (text === undefined) {
    throw new Error(
      'Open backup repository: set BACKUP_PASSPHRASE_FILE to a file with the passphrase of the recovery sheet',
    );
  }
  return access(settings, { text, from: settings.BACKUP_PASSPHRASE === undefined ? 'file' : 'setting' }, home);
}

/** The same for a home that is backed up, for which a passphrase is made where none is given. */
export async function openBackupPlace(
  home: Home,
  { settings, source, variables }: Pick<BackupPlace, 'settings' | 'source' | 'variables'>,
): Promise<BackupPlace> {
  const passphrase = await readPassphrase(home, settings.BACKUP_PASSPHRASE);
  const opened = await access(settings, passphrase, home);
  return { home, places: placesOf(home, source), settings, source, variables, ...opened };
}

async function access(
  settings: BackupSettings,
  passphrase: Passphrase,
  home: Home | undefined,
): Promise<RepositoryAccess> {
  const target = readTarget(settings);
  const { restic } = await findBinaries(['restic']);
  const cacheFolder = home && join(backupFolder(home), 'cache');
  const repository = openRestic({ program: restic, target, passphrase: passphrase.text, cacheFolder });
  return { target, passphrase, repository };
}

/**
 * Makes the repository for the first backup, and sees to it that later ones go to the same.
 * @throws when the target is another one than before: an empty mount, or an emptied bucket
 */
export async function requireRepository({ home, target, repository }: BackupPlace): Promise<void> {
  const known = (await readBackupState(home)).repository;
  const before = known?.target === target.repository ? known.id : undefined;
  let id = await repository.find();
  if (before !== undefined && id !== before) {
    throw new Error(
      `Open backup repository "${target.repository}": ${id === undefined ? 'it is gone' : 'it is another one than before'}; ` +
        `is the disk mounted? To begin with another one, remove "${join(backupFolder(home), 'state.json')}"`,
    );
  }
  if (id === undefined) {
    if (target.isFolder) await prepareFolder(target.repository);
    await repository.create();
    id = await repository.find();
  }
  if (id !== before) await changeBackupState(home, { repository: { target: target.repository, id: id ?? '' } });
}

/** A folder above it that is missing is more likely a disk that is not mounted. */
async function prepareFolder(folder: string): Promise<void> {
  if (!existsSync(dirname(folder))) {
    throw new Error(
      `Create backup repository "${folder}": the folder "${dirname(folder)}" is missing; is the disk mounted?`,
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
}
