import { migrateDatabase } from '../../db/migrate.ts';
import { readEnvironment } from '../kernel/environment.ts';
import { secretsFromFiles } from '../kernel/secret-files.ts';
import { DATABASE_URL, PANDECT_HOME } from '../kernel/variables.ts';
import { findBinaries } from '../services/binaries.ts';
import { prepareHome } from '../services/home.ts';
import { startPostgres } from '../services/postgres.ts';
import { lockHome } from '../supervisor/home/home-lock.ts';
import { assertDatabasePresent, placesOf } from '../supervisor/home/whole-home.ts';
import { queuesOf, readUnits } from '../supervisor/unit.ts';
import { checkout } from './checkout.ts';
import { readLogins } from './read-logins.ts';

/**
 * Migrates the operator's database, or the embedded one, which is started for it and stopped again.
 * @param logins a folder with the connection strings of all logins, which are then made as well: where no platform starts that would make them
 */
export async function migrateOnly({ logins }: { logins?: string | undefined } = {}): Promise<void> {
  const settings = readEnvironment([DATABASE_URL, PANDECT_HOME], {
    ...process.env,
    ...secretsFromFiles([DATABASE_URL], process.env),
  });
  const onWait = (message: string) => process.stderr.write(`${message}\n`);
  const wanted = { queues: queuesOf(await readUnits(checkout)), onWait };
  if (settings.DATABASE_URL) {
    const url = settings.DATABASE_URL;
    await migrateDatabase(url, { ...wanted, ...(logins && { passwords: await readLogins(logins, url) }) });
    return;
  }
  if (logins) throw new Error('Migrate: --logins: the embedded database has logins of its own; set DATABASE_URL');
  const home = await prepareHome(settings.PANDECT_HOME);
  await assertDatabasePresent(placesOf(home, process.env));
  const lock = await lockHome(home);
  try {
    const postgres = await startPostgres({ home, binaries: await findBinaries(['postgres']) });
    await migrateDatabase(postgres.url, wanted).finally(() => postgres.stop());
  } finally {
    lock.release();
  }
}
