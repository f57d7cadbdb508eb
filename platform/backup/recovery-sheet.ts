import { readHomeId } from '../supervisor/home/whole-home.ts';
import type { BackupPlace } from './backup-place.ts';
import { withBackupLock } from './lock-backups.ts';
import { passphraseFile } from './repository/passphrase.ts';
import { changeBackupState, readBackupState } from './state.ts';

/** What someone needs who has nothing of the server but this page: to be printed or kept in a safe, away from it. */
function recoverySheet({ home, target, passphrase, settings }: BackupPlace, homeId: string | undefined): string {
  const isS3 = target.repository.startsWith('s3:');
  const file = passphrase.from === 'file' ? `, also in ${passphraseFile(home)}` : '';
  return [
    'RECOVERY SHEET OF PANDECT',
    '',
    'Keep it away from the server. Anyone who has it and the backups can read everything;',
    'without the passphrase no one can restore anything.',
    '',
    `Made at:      ${new Date().toISOString()}`,
    `Home:         ${home.root}${homeId === undefined ? '' : ` (${homeId})`}`,
    `Backups:      ${target.repository}`,
    ...(isS3 ? [`Key of it:    ${settings.BACKUP_S3_ACCESS_KEY_ID} and its secret, which is not printed here`] : []),
    `Passphrase:   ${passphrase.text}`,
    `              (BACKUP_PASSPHRASE${file})`,
    '',
    'To restore, on a host with the same major version of PostgreSQL:',
    '  1. Get Pandect in the version of the backup or a newer one, and run ./scripts/setup',
    '  2. Put the passphrase into a file of mode 600, such as /root/passphrase',
    `  3. export BACKUP_TO='${target.repository}' BACKUP_PASSPHRASE_FILE=/root/passphrase`,
    ...(isS3 ? ['     export BACKUP_S3_ACCESS_KEY_ID=… BACKUP_S3_SECRET_ACCESS_KEY_FILE=…'] : []),
    '  4. ./scripts/pandect backup list',
    '  5. ./scripts/pandect restore --into /var/lib/pandect-restored',
    '  6. Set the settings that it names, start the platform with that home, then ./scripts/pandect reconcile',
    '',
  ].join('\n');
}

/** The sheet, once: a second one that is lost would go unnoticed. @throws when it was printed before, unless `again` */
export async function printSheet(place: BackupPlace, { again }: { again: boolean }): Promise<string> {
  const { home } = place;
  return withBackupLock(home, async () => {
    const { sheetAt } = await readBackupState(home);
    if (sheetAt !== undefined && !again) {
      throw new Error(`Print recovery sheet: it was printed at ${sheetAt}; use --again to print it once more`);
    }
    const sheet = recoverySheet(place, await readHomeId(home));
    await changeBackupState(home, { sheetAt: new Date().toISOString() });
    return sheet;
  });
}
