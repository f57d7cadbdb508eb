import { join } from 'node:path';
import { afterAll } from 'vitest';
import { migrateDatabase } from '../../db/migrate.ts';
import { findBinaries } from '../services/binaries.ts';
import { startPostgres } from '../services/postgres.ts';
import { temporaryHome } from '../services/temporary-home.ts';
import { queuesOf, readUnits } from '../supervisor/unit.ts';
import { memoryFolder } from './memory-folder.ts';

const root = join(import.meta.dirname, '../..');

export interface OwnPostgres {
  /** The owner's connection to a migrated database, for `testDatabase` to clone. */
  templateUrl: string;
  /** Ends it with SIGKILL, and starts it again with what was committed. */
  killAndStart(): Promise<void>;
}

/** A PostgreSQL of the running test file alone. What it committed outlives a kill of its processes, as on a real disk. */
export async function ownPostgres(): Promise<OwnPostgres> {
  const { home, remove } = await temporaryHome({ within: await memoryFolder() });
  const binaries = await findBinaries(['postgres']);
  const start = () => startPostgres({ home, binaries, settings: { fsync: 'off' } });
  let service = await start();
  afterAll(async () => {
    await service.stop();
    await remove();
  });
  await migrateDatabase(service.url, { queues: queuesOf(await readUnits(root)) });
  return {
    templateUrl: service.url,
    async killAndStart() {
      process.kill(service.pid, 'SIGKILL');
      service = await start();
    },
  };
}
