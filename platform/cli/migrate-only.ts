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

/** Migrates the operator's database, or the embedded one, which is started for it and stopped again. */
export async function migrateOnly(): Promise<void> {
  const settings = readEnvironment([DATABASE_URL, PANDECT_HOME], {
    ...process.env,
    ...secretsFromFiles([DATABASE_URL], process.env),
  });
  const onWait = (message: string) => process.stderr.write(`${message}\n`);
  const wanted = { queues: queuesOf(await readUnits(checkout)), onWait };
  if (settings.DATABASE_URL) {
    await migrateDatabase(settings.DATABASE_URL, wanted);
    return;
  }
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
