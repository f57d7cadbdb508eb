import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findBinaries } from '../../services/binaries.ts';
import { ownerUrl, startPostgres } from '../../services/postgres.ts';
import { readPidFile } from '../../services/postgres-data.ts';
import { isRunning } from '../../services/processes.ts';
import { lockHome } from '../../supervisor/home/home-lock.ts';
import { assertDatabasePresent, type Places } from '../../supervisor/home/whole-home.ts';
import type { DatabaseSource } from './copy-database.ts';

/**
 * Has a database to work with: the operator's, the embedded one as it runs, or, when nothing runs, started for the time of the work
 * with the home locked.
 */
export async function withDatabase<T>(
  places: Places,
  given: string | undefined,
  work: (source: DatabaseSource) => Promise<T>,
): Promise<T> {
  const { home } = places;
  if (given !== undefined) {
    const programs = await findBinaries(['postgres']).then(
      ({ postgres }) => postgres,
      () => '',
    );
    return work({ url: given, isEmbedded: false, programs });
  }
  await assertDatabasePresent(places);
  const { postgres: programs } = await findBinaries(['postgres']);
  const data = join(home.postgres, 'data');
  const running = await readPidFile(data);
  if (running?.status === 'ready' && (await isRunning(running.pid, `-D ${data}`))) {
    const password = await readFile(join(home.keys, 'postgres-password'), 'utf8');
    return work({ url: ownerUrl(password, running.socketFolder), isEmbedded: true, programs });
  }
  const lock = await lockHome(home);
  try {
    const server = await startPostgres({ home, binaries: { postgres: programs } });
    return await work({ url: server.url, isEmbedded: true, programs }).finally(() => server.stop());
  } finally {
    lock.release();
  }
}
