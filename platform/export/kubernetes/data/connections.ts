import { LEAST_CONNECTIONS } from '../../../kernel/manifest.ts';
import { connectionsNeeded } from '../../../supervisor/database-connections.ts';
import type { Unit } from '../../../supervisor/unit.ts';

/** More than any server accepts: here the server is sized for the pods, and not the pods for the server. */
const ANY = 1_000_000;
/** Pods of the release before may end while those of the next one serve. */
const RELEASES_AT_ONCE = 2;

/** Connections of the pool of each pod: what its manifest asks for. */
export const poolOf = ({ manifest }: Unit): number => manifest.connections;

/** Most connections that all pods may open at once, with an update of all of them. */
export function connectionsOf(units: readonly Unit[]): number {
  const awake = units.map(withOne);
  const extra = awake.reduce((sum, unit) => sum + unit.manifest.instances.max * extraOf(unit), 0);
  const least = connectionsNeeded(awake, { DATABASE_CONNECTIONS: ANY, DATABASE_POOL: LEAST_CONNECTIONS });
  return least + RELEASES_AT_ONCE * extra;
}

const extraOf = (unit: Unit): number =>
  unit.manifest.database === 'none' ? 0 : Math.max(0, poolOf(unit) - LEAST_CONNECTIONS);

/** What sleeps on one host has a pod here. */
function withOne(unit: Unit): Unit {
  const instances = { min: Math.max(1, unit.manifest.instances.min), max: Math.max(1, unit.manifest.instances.max) };
  return unit.kind === 'function'
    ? { ...unit, manifest: { ...unit.manifest, instances } }
    : { ...unit, manifest: { ...unit.manifest, instances } };
}
