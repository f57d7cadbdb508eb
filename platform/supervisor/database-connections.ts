import { POOL_CONNECTIONS } from '../../db/client.ts';
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
