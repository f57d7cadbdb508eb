import { join } from 'node:path';
import type { Home } from '../../services/home.ts';
import { startPostgres } from '../../services/postgres.ts';
import type { Service } from '../../services/processes.ts';
import { runProgram } from '../content/run-program.ts';

/** Recovery refuses to run with less of these than the server had that was copied. */
const SETTINGS: Record<string, string> = {
  max_connections: 'max_connections setting',
  max_worker_processes: 'max_worker_processes setting',
  max_wal_senders: 'max_wal_senders setting',
  max_prepared_transactions: 'max_prepared_xacts setting',
  max_locks_per_transaction: 'max_locks_per_xact setting',
};

/** Starts the server of a restored home, which brings its database to the state that was copied. */
export async function startRestored(home: Home, programs: string): Promise<Service> {
  const data = join(home.postgres, 'data');
  const facts = await runProgram('Read restored database', { program: join(programs, 'pg_controldata'), args: [data] });
  const settings = Object.entries(SETTINGS).flatMap(([setting, label]) => {
    const value = facts.split('\n').find((line) => line.startsWith(`${label}:`));
    return value === undefined ? [] : [[setting, value.slice(label.length + 1).trim()] as const];
  });
  return startPostgres({ home, binaries: { postgres: programs }, settings: Object.fromEntries(settings) });
}
