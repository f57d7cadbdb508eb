import type { Source } from '../kernel/composition.ts';
import { readEnvironment } from '../kernel/environment.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import * as own from '../kernel/variables.ts';
import type { BackupSettings } from './backup-place.ts';

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

/** @throws ConfigurationError */
export const readBackupSettings = (source: Source): BackupSettings =>
  readEnvironment(needed, { ...source, ...secretsFromFiles(needed, source) });
