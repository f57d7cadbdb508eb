import type { Erasure } from '../../capabilities/storage/erasure-journal.ts';
import type { Composition, Source, Verdict } from '../../kernel/composition.ts';
import type { Home } from '../../services/home.ts';
import { lockHome } from '../../supervisor/home/home-lock.ts';
import { liveHosts, withHosts } from '../../supervisor/hosts/host-rows.ts';
import { runAfterRestore } from './after-restore.ts';
import { hold } from './restore-backup.ts';
import { writeRestored } from './restored-record.ts';
import { type Settled, settleDatabase } from './settle-database.ts';

export interface ElsewhereOptions {
  /** Of this host, on which nothing of the platform runs. */
  home: Home;
  databaseUrl: string;
  /** What the database is as of. */
  at: Date;
  /** Asked once nothing runs any more. */
  erasures: () => Promise<readonly Erasure[]>;
  filesFolder: string;
  /** Names of workers whose jobs are to wait. */
  held: readonly string[];
  afterRestore: Composition['afterRestore'];
  settings: Source;
}

export interface SettledElsewhere {
  at: string;
  erasures: number;
  settled: Settled;
  after: Record<string, Verdict>;
  held: readonly string[];
}

/** In the record, in place of a backup's id. */
const BY_OTHER_MEANS = 'of the database server';

/**
 * Does for a database that was brought back by other means, such as `pg_restore` or the provider's own, what a restore does before the first
 * start. May be done again.
 * @throws while a host serves the database, before anything is changed
 */
export async function settleElsewhere(options: ElsewhereOptions): Promise<SettledElsewhere> {
  const { home, databaseUrl, at, filesFolder, held, afterRestore, settings } = options;
  const lock = await lockHome(home);
  try {
    const running = await withHosts(databaseUrl, liveHosts);
    if (running.length > 0) {
      const names = running.map(({ name }) => `"${name}"`).join(', ');
      throw new Error(`Settle restored database: ${names} serve it: stop all hosts first, with pandect down on each`);
    }
    const erasures = await options.erasures();
    const settled = await settleDatabase(databaseUrl, { erasures, filesFolder });
    const after = await runAfterRestore(afterRestore, { databaseUrl, at, erased: erasures, settings });
    await hold(home, held);
    await writeRestored(home, {
      ...{ backup: BY_OTHER_MEANS, at: at.toISOString() },
      ...{ restoredAt: new Date().toISOString(), held: [...held] },
    });
    return { at: at.toISOString(), erasures: erasures.length, settled, after, held };
  } finally {
    lock.release();
  }
}
