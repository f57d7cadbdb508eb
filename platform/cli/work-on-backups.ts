import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BackupPlace, openBackupPlace, openRepository, type RepositoryAccess } from '../backup/backup-place.ts';
import { readBackupSettings } from '../backup/backup-settings.ts';
import { withDatabase } from '../backup/content/database-source.ts';
import { gatherErasures, notedErasures } from '../backup/content/gather-erasures.ts';
import { readLogRecord } from '../backup/log/log-record.ts';
import { runAfterRestore } from '../backup/restore/after-restore.ts';
import { type Restored, restoreBackup } from '../backup/restore/restore-backup.ts';
import { applyErasures } from '../backup/restore/settle-database.ts';
import { type SettledElsewhere, settleElsewhere } from '../backup/restore/settle-elsewhere.ts';
import type { LoadComposition, Verdict } from '../kernel/composition.ts';
import { homePath } from '../kernel/paths/home-path.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import { type Home, prepareHome } from '../services/home.ts';
import { placesOf } from '../supervisor/home/whole-home.ts';
import { readUnits } from '../supervisor/unit.ts';
import { checkout } from './checkout.ts';

export { createBackup } from '../backup/create-backup.ts';
export { listBackups } from '../backup/list-backups.ts';
export { listLog } from '../backup/log/list-log.ts';
export { restorableRanges } from '../backup/log/restorable-range.ts';
export { printSheet } from '../backup/recovery-sheet.ts';
export { drill } from '../backup/restore/drill.ts';
export { verifyBackup } from '../backup/verify-backup.ts';
export { checkout } from './checkout.ts';

/** The home that the environment names, and where its backups go. */
export async function openPlace(loadComposition: LoadComposition): Promise<BackupPlace> {
  const { variables } = await loadComposition();
  const home = await prepareHome(homePath());
  return openBackupPlace(home, { settings: readBackupSettings(process.env), source: process.env, variables });
}

/** Where backups are, also on a host that has no home yet. */
export async function openAccess(): Promise<RepositoryAccess> {
  return openRepository(
    readBackupSettings(process.env),
    existsSync(join(homePath(), 'keys')) ? await prepareHome(homePath()) : undefined,
  );
}

interface RestoreRequest {
  id: string | undefined;
  at: Date | undefined;
  into: string | undefined;
  loadComposition: LoadComposition;
  progress: (line: string) => void;
}

/** What modules set right, and the settings for it. */
async function ofModules(loadComposition: LoadComposition) {
  const { afterRestore, variables } = await loadComposition();
  return { afterRestore, settings: { ...process.env, ...secretsFromFiles(variables, process.env) } };
}

/** What modules have set right after a restore, and what was erased since, done once more: settings may have been missing then. */
export async function settleAgain(
  loadComposition: LoadComposition,
  home: Home,
  at: string,
): Promise<Record<string, Verdict>> {
  const { afterRestore, settings } = await ofModules(loadComposition);
  const places = placesOf(home, process.env);
  return withDatabase(places, settings.DATABASE_URL, async ({ url }) => {
    const erased = await gatherErasures(home, process.env).catch((error: Error) => error);
    if (erased instanceof Error) return { erasures: { state: 'fail', detail: `not read: ${erased.message}` } };
    await applyErasures(url, { erasures: erased, filesFolder: filesFolderOf(home) });
    return runAfterRestore(afterRestore, { databaseUrl: url, at: new Date(at), erased, settings });
  });
}

const filesFolderOf = (home: Pick<Home, 'files'>): string => resolve(process.env.UPLOAD_DIR || home.files);

/** Workers whose jobs reach people and providers. */
async function heldUnits(): Promise<string[]> {
  const units = await readUnits(checkout);
  return units.flatMap(({ name, kind, manifest }) => (kind === 'worker' && manifest.holdAfterRestore ? [name] : []));
}

/** Restores into a new home, by default the one that the environment names. */
export async function restoreInto({
  id,
  at,
  into = homePath(),
  loadComposition,
  progress,
}: RestoreRequest): Promise<Restored> {
  const { repository } = await openAccess();
  const { DATABASE_URL: databaseUrl } = readBackupSettings(process.env);
  const held = await heldUnits();
  const former = resolve(process.env.UPLOAD_DIR || join(homePath(), 'files'));
  const formerFiles = existsSync(former) ? former : undefined;
  const formerLog = await readLogRecord({ root: homePath() });
  return restoreBackup({
    repository,
    id,
    at,
    into,
    databaseUrl,
    held,
    formerFiles,
    noted: await notedErasures(process.env),
    former: formerLog,
    progress,
    ...(await ofModules(loadComposition)),
  });
}

/** Does for a database elsewhere that was brought back by other means what a restore does. @param at what it is as of */
export async function settleRestored(loadComposition: LoadComposition, at: Date): Promise<SettledElsewhere> {
  const { DATABASE_URL: databaseUrl } = readBackupSettings(process.env);
  if (!databaseUrl) throw new Error('Settle restored database: it is embedded: pandect restore brings it back whole');
  const home = await prepareHome(homePath());
  return settleElsewhere({
    ...{ home, databaseUrl, at, filesFolder: filesFolderOf(home), held: await heldUnits() },
    erasures: () => gatherErasures(home, process.env),
    ...(await ofModules(loadComposition)),
  });
}
