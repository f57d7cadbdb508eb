import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type BackupPlace,
  type BackupSettings,
  openBackupPlace,
  openRepository,
  type RepositoryAccess,
} from '../backup/backup-place.ts';
import { type Restored, restoreBackup } from '../backup/restore/restore-backup.ts';
import type { LoadComposition } from '../kernel/composition.ts';
import { readEnvironment } from '../kernel/environment.ts';
import { homePath } from '../kernel/paths/home-path.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import * as own from '../kernel/variables.ts';
import { prepareHome } from '../services/home.ts';
import { readUnits } from '../supervisor/unit.ts';
import { checkout } from './checkout.ts';

export { createBackup } from '../backup/create-backup.ts';
export { listBackups } from '../backup/list-backups.ts';
export { printSheet } from '../backup/recovery-sheet.ts';
export { drill } from '../backup/restore/drill.ts';
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

export const readBackupSettings = (): BackupSettings =>
  readEnvironment(needed, { ...process.env, ...secretsFromFiles(needed, process.env) });

/** The home that the environment names, and where its backups go. */
export async function openPlace(loadComposition: LoadComposition): Promise<BackupPlace> {
  const { variables } = await loadComposition();
  const home = await prepareHome(homePath());
  return openBackupPlace(home, { settings: readBackupSettings(), source: process.env, variables });
}

/** Where backups are, also on a host that has no home yet. */
export async function openAccess(): Promise<RepositoryAccess> {
  return openRepository(
    readBackupSettings(),
    existsSync(join(homePath(), 'keys')) ? await prepareHome(homePath()) : undefined,
  );
}

interface RestoreRequest {
  id: string | undefined;
  into: string | undefined;
  progress: (line: string) => void;
}

/** Restores into a new home, by default the one that the environment names. */
export async function restoreInto({ id, into = homePath(), progress }: RestoreRequest): Promise<Restored> {
  const { repository } = await openAccess();
  const units = await readUnits(checkout);
  const held = units.flatMap(({ name, kind, manifest }) =>
    kind === 'worker' && manifest.holdAfterRestore ? [name] : [],
  );
  const former = resolve(process.env.UPLOAD_DIR || join(homePath(), 'files'));
  const formerFiles = existsSync(former) ? former : undefined;
  return restoreBackup({ repository, id, into, held, formerFiles, progress });
}
