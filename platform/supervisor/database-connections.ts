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

/** What scaling may use, so that there is room for deploys, backups and people; the first processes may use all. */
export const SCALING_SHARE = 0.8;

/** How the connections are shared among all processes that there may be. */
export interface ConnectionPlan {
  /** The first processes of all units with a database, those that sleep included. */
  processes: number;
  /** What they may open, with those of operators. */
  sum: number;
  /** What may be open when units are scaled out; never less than `sum`. */
  most: number;
  /** What scaling stays below. */
  limit: number;
  /** Size of the pool of each process of a unit. */
  poolOf(unit: Unit): number;
  /** What a process of a unit may open: its pool and what it hears of changes with. */
  ofProcess(unit: Unit): number;
}

type OfUnit = (unit: Unit) => number;

/** Processes that a unit has at least: one that sleeps may wake at any time. */
const firstOf: OfUnit = ({ manifest }) => Math.max(1, manifest.instances.min);
const usersOf = (units: readonly Unit[]) => units.filter(({ manifest }) => manifest.database !== 'none');

/** @returns connections, operators' included, of so many processes of each unit */
export const sumConnections = (units: readonly Unit[], countOf: OfUnit, poolOf: OfUnit): number =>
  usersOf(units).reduce(
    (sum, unit) => sum + countOf(unit) * (poolOf(unit) + NEXT_TO_POOL[unit.kind]),
    OPERATOR_CONNECTIONS,
  );

/**
 * Gives each first process at least two connections, then what its manifest asks for as far as there is room. Where all units scaled out
 * fit as well, what is left makes their pools larger, in the same proportions; otherwise it is for scaling. Processes of a
 * release that is being replaced are not counted.
 * @throws Error that names the sum when the connections do not suffice for the first processes
 */
export function planConnections(units: readonly Unit[], settings: ConnectionSettings): ConnectionPlan {
  const { DATABASE_CONNECTIONS: budget, DATABASE_POOL: fixed } = settings;
  const users = usersOf(units);
  const counted = (countOf: OfUnit) => (ofOne: OfUnit) =>
    users.reduce((sum, unit) => sum + countOf(unit) * ofOne(unit), 0);
  const [first, all] = [counted(firstOf), counted(({ manifest }) => manifest.instances.max)];
  const processes = first(() => 1);
  const others = first(({ kind }) => NEXT_TO_POOL[kind]) + OPERATOR_CONNECTIONS;
  const least = fixed ?? LEAST_CONNECTIONS;
  if (processes * least + others > budget) {
    const sum = `${processes} processes with ${least} in their pools and ${others} others are ${processes * least + others}`;
    throw new Error(`Share database connections: ${sum}, over the ${budget} of DATABASE_CONNECTIONS`);
  }
  const limit = Math.floor(budget * SCALING_SHARE);
  const roomOfAll = limit - all(({ kind }) => NEXT_TO_POOL[kind]) - OPERATOR_CONNECTIONS;
  const share = shareOf(budget - others, first);
  const poolOf: OfUnit =
    fixed !== undefined
      ? () => fixed
      : roomOfAll >= all(wanted)
        ? shareOf(roomOfAll, all)
        : (unit) => Math.min(wanted(unit), share(unit));
  const sum = sumConnections(units, firstOf, poolOf);
  const scaledOut = sumConnections(units, ({ manifest }) => manifest.instances.max, poolOf);
  return {
    ...{ processes, sum, limit, poolOf, most: Math.max(sum, Math.min(limit, scaledOut)) },
    ofProcess: (unit) => poolOf(unit) + NEXT_TO_POOL[unit.kind],
  };
}

// A release from before manifests had this figure.
const wanted: OfUnit = ({ manifest }) => manifest.connections ?? LEAST_CONNECTIONS;

function shareOf(room: number, total: (ofOne: OfUnit) => number): OfUnit {
  const extra: OfUnit = (unit) => wanted(unit) - LEAST_CONNECTIONS;
  const all = total(wanted);
  if (room >= all) return (unit) => Math.floor((wanted(unit) * room) / Math.max(all, 1));
  const spare = room - total(() => LEAST_CONNECTIONS);
  return (unit) => LEAST_CONNECTIONS + Math.floor((extra(unit) * spare) / Math.max(total(extra), 1));
}

/** What the connections leave to the scaling of one unit. */
export interface ConnectionRoom {
  /** More processes that there may be. */
  processes: number;
  /** What each of them may open, what is open or promised, and what scaling stays below. */
  each: number;
  taken: number;
  limit: number;
}

/** @param runningOf processes of a unit that run or are wanted @returns undefined for a unit without a database */
export function roomToScale(
  units: readonly Unit[],
  unit: Unit,
  runningOf: OfUnit,
  settings: ConnectionSettings,
): ConnectionRoom | undefined {
  if (unit.manifest.database === 'none') return undefined;
  const { limit, poolOf, ofProcess } = planConnections(units, settings);
  const taken = sumConnections(units, (each) => Math.max(firstOf(each), runningOf(each)), poolOf);
  const each = ofProcess(unit);
  return { processes: Math.max(0, Math.floor((limit - taken) / each)), each, taken, limit };
}

/** Why no more processes are started. */
export const describeRoom = ({ each, taken, limit }: ConnectionRoom): string =>
  `a process may open ${each} connections to the database, and ${taken} of the ${limit} that scaling may use are taken (${SCALING_SHARE * 100} % of DATABASE_CONNECTIONS)`;

/** Most connections that these units, with all their processes being replaced, and their operators may open at once. */
export function connectionsNeeded(units: readonly Unit[], settings: ConnectionSettings): number {
  const { sum, most, processes } = planConnections(units, settings);
  // An added process has two connections in its pool and one next to it at the least.
  const added = Math.floor((most - sum) / (LEAST_CONNECTIONS + NEXT_TO_POOL.function));
  return (
    RELEASES_AT_ONCE * (most - OPERATOR_CONNECTIONS + (processes + added) * OCCASIONAL_CONNECTIONS) +
    OPERATOR_CONNECTIONS
  );
}

/** Connections that the embedded server is to accept, with room for functions that are added while it runs. */
export const connectionsAccepted = (units: readonly Unit[], settings: ConnectionSettings): number =>
  Math.ceil(
    (Math.max(connectionsNeeded(units, settings), RELEASES_AT_ONCE * settings.DATABASE_CONNECTIONS) + KEPT_BACK) /
      ROUNDING,
  ) * ROUNDING;

/** The settings with this host's share of the connections that all hosts have together. */
export const shareOfHost = <Settings extends ConnectionSettings & { PANDECT_HOSTS: number }>(
  settings: Settings,
): Settings => ({
  ...settings,
  DATABASE_CONNECTIONS: Math.floor(settings.DATABASE_CONNECTIONS / settings.PANDECT_HOSTS),
});

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
