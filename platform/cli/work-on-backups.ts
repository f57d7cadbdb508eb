import { existsSync } from 'node:fs';
import {
  type BackupPlace,
  type BackupSettings,
  openBackupPlace,
  openRepository,
  type RepositoryAccess,
} from '../backup/backup-place.ts';
import type { LoadComposition } from '../kernel/composition.ts';
import { readEnvironment } from '../kernel/environment.ts';
import { homePath } from '../kernel/paths/home-path.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import * as own from '../kernel/variables.ts';
import { prepareHome } from '../services/home.ts';

export { createBackup } from '../backup/create-backup.ts';
export { listBackups } from '../backup/list-backups.ts';
export { printSheet } from '../backup/recovery-sheet.ts';
export { verifyBackup } from '../backup/verify-backup.ts';
export { checkout } from './checkout.ts';

/** What works on backups needs these alone: a host that is to be restored may lack all other settings. */
const needed = [
  own.DATABASE_URL,
  own.STORAGE,
  own.BACKUP_TO,
  own.BACKUP_PASSPHRASE,
  own.BACKUP_S3_ACCESS_KEY_ID,
  own.BACKUP_S3_SECRET_ACCESS_KEY,
  own.BACKUP_S3_REGION,
];

const readSettings = (): BackupSettings =>
  readEnvironment(needed, { ...process.env, ...secretsFromFiles(needed, process.env) });

/** The home that the environment names, and where its backups go. */
export async function openPlace(loadComposition: LoadComposition): Promise<BackupPlace> {
  const { variables } = await loadComposition();
  const home = await prepareHome(homePath());
  return openBackupPlace(home, { settings: readSettings(), source: process.env, variables });
}

/** Where backups are, also on a host that has no home yet. */
export async function openAccess(): Promise<RepositoryAccess> {
  return openRepository(readSettings(), existsSync(homePath()) ? await prepareHome(homePath()) : undefined);
}
