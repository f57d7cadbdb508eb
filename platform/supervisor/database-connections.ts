import { POOL_CONNECTIONS } from '../../db/client.ts';
import { connect } from '../../db/connect.ts';
import { within } from '../../db/within.ts';
import type { Unit } from './unit.ts';

/** Of one process, next to its pool: to hear of changes, to send or take jobs, and to count rates while Redis is unavailable. */
const SINGLE_CONNECTIONS = 3;
/** A release that is replaced may serve next to its successor until its last request has ended. */
const RELEASES_AT_ONCE = 2;
/** The supervisor's own and those of operators' commands, migrations among them. */
const OPERATOR_CONNECTIONS = 12;
/** PostgreSQL's `superuser_reserved_connections`. */
const KEPT_BACK = 3;
const ROUNDING = 100;

/** Most connections to the database that these units, with all their processes being replaced, and their operators may open at once. */
export const connectionsNeeded = (units: readonly Unit[]): number =>
  units
    .filter(({ manifest }) => manifest.database !== 'none')
    .reduce((sum, { manifest }) => sum + ofProcesses(manifest.instances.max), OPERATOR_CONNECTIONS);

const ofProcesses = (count: number): number => count * RELEASES_AT_ONCE * (POOL_CONNECTIONS + SINGLE_CONNECTIONS);

/** Connections that the embedded server is to accept, with room for a function that is added while it runs. */
export const connectionsAccepted = (units: readonly Unit[]): number =>
  Math.ceil((connectionsNeeded(units) + KEPT_BACK + ofProcesses(1)) / ROUNDING) * ROUNDING;

/** What a database says of itself. */
export interface DatabaseAnswer {
  /** Its clock between `began` and `ended`; all in milliseconds since the epoch. */
  now: number;
  began: number;
  ended: number;
  /** Connections that it accepts. */
  most: number;
}

const PATIENCE_SECONDS = 5;

/** Asks a database for the time and for how many connections there may be. @throws when it does not answer within 5 s */
export async function askDatabase(url: string): Promise<DatabaseAnswer> {
  const sql = connect(url, { applicationName: 'pandect doctor' });
  try {
    const began = Date.now();
    const [row] = await within(
      PATIENCE_SECONDS,
      sql<{ now: Date; most: number }[]>`
        select clock_timestamp() as now,
          current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most`,
    );
    return { began, ended: Date.now(), now: row?.now.getTime() ?? 0, most: row?.most ?? 0 };
  } finally {
    await sql.end({ timeout: 1 });
  }
}
