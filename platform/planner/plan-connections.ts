import {
  connectionsAccepted,
  connectionsNeeded,
  planConnections,
  SCALING_SHARE,
  sumConnections,
} from '../supervisor/database-connections.ts';
import type { Unit } from '../supervisor/unit.ts';
import type { PlanInput } from './input/schema.ts';
import type { UnitPlan } from './plan-units.ts';

/** More than any setting, so that the sum itself is told. */
const ANY = 1_000_000_000;
const LEAST_POOL = 2;
/** Of one process, next to its pool; see `database-connections.ts`. */
const NEXT_TO_POOL = { function: 1, worker: 2 } as const;
const SUPERVISOR = 2;
const ROUNDING = 10;

export interface ConnectionsPlan {
  /** The first processes of all units with a database. */
  processes: number;
  /** What they may open at least, operators' included; `DATABASE_CONNECTIONS` below it is refused. */
  least: number;
  /** Of all processes that the plan wants, with pools as their manifests ask for. */
  wanted: number;
  /** Open in the busiest hour. */
  open: number;
  /** While all units are replaced at once. */
  atRedeploy: number;
  /** That the server accepts. */
  accepted: number;
  share: number;
  /** A value for `DATABASE_CONNECTIONS` with which scaling has room for all of them. */
  setting: number;
}

export function planDatabase(
  units: readonly Unit[],
  plans: readonly UnitPlan[],
  { connections, maxConnections }: PlanInput['database'],
): ConnectionsPlan {
  const scaled = scaledOut(units, plans);
  const fixed = { DATABASE_CONNECTIONS: ANY, DATABASE_POOL: LEAST_POOL };
  const { processes, sum: least } = planConnections(scaled, fixed);
  const wanted = sumConnections(
    units,
    ({ name, manifest }) =>
      Math.max(1, manifest.instances.min, plans.find(({ unit }) => unit === name)?.instances ?? 0),
    ({ manifest }) => manifest.connections,
  );
  const setting = Math.max(connections, Math.ceil(wanted / SCALING_SHARE / ROUNDING) * ROUNDING);
  const accepted =
    maxConnections ?? connectionsAccepted(scaled, { DATABASE_CONNECTIONS: setting, DATABASE_POOL: undefined });
  return {
    ...{ processes, least, wanted, open: openConnections(units, plans), setting, accepted },
    atRedeploy: connectionsNeeded(scaled, fixed),
    share: wanted / accepted,
  };
}

/** Idle processes keep what they listen with; those at work their pools as well. */
function openConnections(units: readonly Unit[], plans: readonly UnitPlan[]): number {
  return units.reduce((sum, { name, kind, manifest }) => {
    const plan = plans.find(({ unit }) => unit === name);
    if (plan === undefined || manifest.database === 'none') return sum;
    return sum + plan.instances * (NEXT_TO_POOL[kind] + (plan.isLoaded ? manifest.connections : 0));
  }, SUPERVISOR);
}

/** The units with room for as many processes as the plan wants. */
export const scaledOut = (units: readonly Unit[], plans: readonly UnitPlan[]): Unit[] =>
  units.map((unit) => {
    const wanted = plans.find((plan) => plan.unit === unit.name)?.instances ?? 0;
    const { min, max } = unit.manifest.instances;
    const instances = { min, max: Math.max(max, wanted) };
    return unit.kind === 'function'
      ? { ...unit, manifest: { ...unit.manifest, instances } }
      : { ...unit, manifest: { ...unit.manifest, instances } };
  });
