import { connect } from '../../db/connect.ts';
import { within } from '../../db/within.ts';
import { LEAST_CONNECTIONS } from '../kernel/manifest.ts';
import type { Unit } from './unit.ts';

/** Of one process, next to its pool: a function hears of changes or sends jobs, a worker takes jobs and hears of them. */
const NEXT_TO_POOL = { function: 1, worker: 2 } as const;
/** Of one process as well, for a short time: to count rates while Redis is unavailable. */
const OCCASIONAL_CONNECTIONS = 1;
/** A release that is replaced may serve next to its successor until its last request has ended. */
const RELEASES_AT_ONCE = 2;
/** The supervisor's own, and those of the commands of operators. */
const OPERATOR_CONNECTIONS = 6;
/** PostgreSQL's `superuser_reserved_connections`. */
const KEPT_BACK = 3;
const ROUNDING = 100;

export interface ConnectionSettings {
  /** Connections of all processes together. */
  DATABASE_CONNECTIONS: number;
  /** Of the pool of each process; undefined for its share. */
  DATABASE_POOL: number | undefined;
}

/** How the connections are shared among all processes that there may be. */
export interface ConnectionPlan {
  /** Processes with a database, all units scaled out. */
  processes: number;
  /** What they may open, with those of operators. */
  sum: number;
  /** Size of the pool of each process of a unit. */
  poolOf(unit: Unit): number;
}

/**
 * Gives each process at least two connections, then what its manifest asks for as far as there is room, and what is still left in the
 * same proportions. Processes of a release that is being replaced are not counted.
 * @throws Error that names the sum when the connections do not suffice
 */
export function planConnections(units: readonly Unit[], settings: ConnectionSettings): ConnectionPlan {
  const { DATABASE_CONNECTIONS: budget, DATABASE_POOL: fixed } = settings;
  const users = units.filter(({ manifest }) => manifest.database !== 'none');
  const total = (ofOne: (unit: Unit) => number) =>
    users.reduce((sum, unit) => sum + unit.manifest.instances.max * ofOne(unit), 0);
  const processes = total(() => 1);
  const others = total(({ kind }) => NEXT_TO_POOL[kind]) + OPERATOR_CONNECTIONS;
  const least = fixed ?? LEAST_CONNECTIONS;
  if (processes * least + others > budget) {
    const sum = `${processes} processes with ${least} in their pools and ${others} others are ${processes * least + others}`;
    throw new Error(`Share database connections: ${sum}, over the ${budget} of DATABASE_CONNECTIONS`);
  }
  const poolOf = fixed === undefined ? shareOf(budget - others, total) : () => fixed;
  return { processes, sum: total(poolOf) + others, poolOf };
}

function shareOf(room: number, total: (ofOne: (unit: Unit) => number) => number): (unit: Unit) => number {
  // A release from before manifests had this figure.
  const wanted = ({ manifest }: Unit) => manifest.connections ?? LEAST_CONNECTIONS;
  const extra = (unit: Unit) => wanted(unit) - LEAST_CONNECTIONS;
  const all = total(wanted);
  if (room >= all) return (unit) => Math.floor((wanted(unit) * room) / Math.max(all, 1));
  const spare = room - total(() => LEAST_CONNECTIONS);
  return (unit) => LEAST_CONNECTIONS + Math.floor((extra(unit) * spare) / Math.max(total(extra), 1));
}

/** Most connections that these units, with all their processes being replaced, and their operators may open at once. */
export function connectionsNeeded(units: readonly Unit[], settings: ConnectionSettings): number {
  const { sum, processes } = planConnections(units, settings);
  return RELEASES_AT_ONCE * (sum - OPERATOR_CONNECTIONS + processes * OCCASIONAL_CONNECTIONS) + OPERATOR_CONNECTIONS;
}

/** Connections that the embedded server is to accept, with room for functions that are added while it runs. */
export const connectionsAccepted = (units: readonly Unit[], settings: ConnectionSettings): number =>
  Math.ceil(
    (Math.max(connectionsNeeded(units, settings), RELEASES_AT_ONCE * settings.DATABASE_CONNECTIONS) + KEPT_BACK) /
      ROUNDING,
  ) * ROUNDING;

/** What a database says of itself. */
export interface DatabaseAnswer {
  /** Its clock between `began` and `ended`; all in milliseconds since the epoch. */
  now: number;
  began: number;
  ended: number;
  /** Connections that it accepts. */
  most: number;
  /** Connections of the platform that are open, the one that asks among them. */
  used: number;
}

const PATIENCE_SECONDS = 5;

/** Asks a database for the time and for how many connections there may be. @throws when it does not answer within 5 s */
export async function askDatabase(url: string): Promise<DatabaseAnswer> {
  const sql = connect(url, { applicationName: 'pandect doctor' });
  try {
    const began = Date.now();
    const [row] = await within(
      PATIENCE_SECONDS,
      sql<{ now: Date; most: number; used: number }[]>`
        select clock_timestamp() as now,
          current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
          (select count(*)::int from pg_stat_activity
            where datname = current_database() and usename is not null) as used`,
    );
    return { began, ended: Date.now(), now: row?.now.getTime() ?? 0, most: row?.most ?? 0, used: row?.used ?? 0 };
  } finally {
    await sql.end({ timeout: 1 });
  }
}
