import type { Home } from '../../services/home.ts';
import { listBackups } from '../list-backups.ts';
import { BackupsInUse, withBackupLock } from '../lock-backups.ts';
import type { Repository } from '../repository/restic.ts';
import { listLog, ofHome } from './list-log.ts';
import { logToRemove } from './log-to-remove.ts';

/** Forgets parts that later ones hold as well; the next backup removes their content. Left for another time while a command works. */
export async function tidyLog(home: Home, homeId: string, repository: Repository): Promise<void> {
  try {
    await withBackupLock(
      home,
      async () => {
        const backups = (await listBackups(repository)).filter((backup) => backup.home === homeId);
        await repository.forget(logToRemove(backups, ofHome(await listLog(repository), homeId)));
      },
      { patienceMs: 0 },
    );
  } catch (error) {
    if (!(error instanceof BackupsInUse)) throw error;
  }
}
