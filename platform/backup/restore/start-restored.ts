import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from '../../services/home.ts';
import { startPostgres } from '../../services/postgres.ts';
import type { Service } from '../../services/processes.ts';
import { runProgram } from '../content/run-program.ts';
import { parsePosition } from '../log/position.ts';
import { requestRecovery } from './place-log.ts';

/** Recovery refuses to run with less of these than the server had that was copied. */
const SETTINGS: Record<string, string> = {
  max_connections: 'max_connections setting',
  max_worker_processes: 'max_worker_processes setting',
  max_wal_senders: 'max_wal_senders setting',
  max_prepared_transactions: 'max_prepared_xacts setting',
  max_locks_per_transaction: 'max_locks_per_xact setting',
};

/** Reading back the log of days takes its time. */
const REPLAY_SECONDS = 6 * 3600;
const TOO_EARLY = 'recovery ended before configured recovery target was reached';

export interface Recovery {
  /** Undefined for the end of the log. */
  at: Date | undefined;
}

export interface Started {
  server: Service;
  /** The log was replayed to its end, and not to a moment before it. */
  isAtEnd: boolean;
}

/**
 * Starts the server of a restored home, which brings its database to the state that was copied, or to that of a moment in the log that
 * was placed there.
 * @param recovery undefined without such log
 */
export async function startRestored(home: Home, programs: string, recovery?: Recovery): Promise<Started> {
  const data = join(home.postgres, 'data');
  const facts = await runProgram('Read restored database', { program: join(programs, 'pg_controldata'), args: [data] });
  const limits = Object.entries(SETTINGS).flatMap(([setting, label]) => {
    const value = facts.split('\n').find((line) => line.startsWith(`${label}:`));
    return value === undefined ? [] : [[setting, value.slice(label.length + 1).trim()] as const];
  });
  const start = async (more: Record<string, string>, isAtEnd: boolean): Promise<Started> => {
    const server = await startPostgres({
      ...{ home, binaries: { postgres: programs }, readySeconds: REPLAY_SECONDS },
      settings: { ...Object.fromEntries(limits), ...more },
    });
    return { server, isAtEnd };
  };
  if (!recovery) return start({}, true);
  await requestRecovery(home);
  const toEnd = {
    // All is in its place already.
    restore_command: 'false',
    recovery_target_timeline: 'current',
    // No one reads before the end, so limits that were raised in between do not matter.
    hot_standby: 'off',
  };
  if (recovery.at === undefined) return start(toEnd, true);
  const target = {
    recovery_target_time: endOf(recovery.at),
    recovery_target_action: 'promote',
  };
  return start({ ...toEnd, ...target }, false).catch((error: Error) => {
    // Nothing was committed between that moment and the end of the log, as far as that can be read.
    if (!error.message.includes(TOO_EARLY)) throw error;
    return start(toEnd, true);
  });
}

/** To the end of its millisecond, as PostgreSQL counts finer ones. */
const endOf = (at: Date): string => at.toISOString().replace('T', ' ').replace('Z', '999+00');

/** The position that recovery has ended at, as the server noted when it left the old timeline. */
export async function readRecoveryEnd(home: Home): Promise<number | undefined> {
  const folder = join(home.postgres, 'data', 'pg_wal');
  const last = (await readdir(folder))
    .filter((name) => /^[0-9A-F]{8}\.history$/.test(name))
    .toSorted()
    .at(-1);
  const lines = last === undefined ? [] : (await readFile(join(folder, last), 'utf8')).trim().split('\n');
  const position = lines.at(-1)?.split('\t')[1];
  return position === undefined ? undefined : parsePosition(position);
}
