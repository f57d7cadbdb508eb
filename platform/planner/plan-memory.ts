import { serviceSizes } from '../services/service-sizes.ts';
import { BESIDE_HEAP_MIB } from '../supervisor/process/memory-cap.ts';
import type { Unit } from '../supervisor/unit.ts';
import type { PlanInput } from './input/schema.ts';
import { workUnits } from './loads.ts';
import { storedChunks, VECTOR_BYTES } from './plan-disk.ts';
import type { UnitPlan } from './plan-units.ts';

/** MiB of one each, measured by `bench/` or, of children and requests, the most that was seen. */
export const IDLE_PROCESS_MIB = { function: 31, worker: 30 } as const;
const { function: FUNCTION_MIB, worker: WORKER_MIB } = IDLE_PROCESS_MIB;
const SUPERVISOR_MIB = 150;
const REQUEST_MIB = 0.3;
/** A process that a worker starts: one that reads a document, and any other. */
const PARSER_MIB = 300;
const CHILD_MIB = 200;
const CONNECTION_MIB = 6;
const POSTGRES_MIB = 100;
const CADDY_MIB = 40;
const REDIS_OVERHEAD = 1.25;
/** Of the vectors, those that searches read again and again. */
const HOT_SHARE = 0.1;
const MIB = 1024 * 1024;
const GIB_MIB = 1024;

/** Of a platform that does nothing. */
const IDLE_MIB = { supervisor: 140, postgres: 80, redis: 10, caddy: 40 };
const IDLE_SUM_MIB = Object.values(IDLE_MIB).reduce((sum, mib) => sum + mib);

export interface Part {
  name: string;
  mib: number;
}

export interface MemoryPlan {
  /** In the busiest hour. */
  parts: Part[];
  totalMiB: number;
  hostMiB: number;
  share: number;
  /** The platform alone while nothing is asked, and what the host then has free. */
  idleMiB: number;
  idleFreeMiB: number;
  /** If all processes that manifests allow took their limits at the same moment. */
  atLimitsMiB: number;
}

/** Children of a process at a time: one for each job that reads a document, else one. */
function childrenOf({ kind, manifest, name }: Unit): { most: number; mib: number } {
  if (kind === 'function' || Object.keys(manifest.children).length === 0) return { most: 0, mib: 0 };
  const isReader = name === workUnits.documents.unit;
  return isReader ? { most: manifest.concurrency, mib: PARSER_MIB } : { most: 1, mib: CHILD_MIB };
}

/** @param connections that are open in the busiest hour */
export function planMemory(
  input: PlanInput,
  units: readonly Unit[],
  plans: readonly UnitPlan[],
  host: { memoryGb: number },
  connections: number,
): MemoryPlan {
  const hostMiB = host.memoryGb * GIB_MIB;
  const sizes = serviceSizes(hostMiB * MIB);
  const sharedBuffers = Number.parseInt(sizes.postgres.shared_buffers ?? '', 10);
  const functions = plans.filter(({ kind }) => kind === 'function');
  const workers = plans.filter(({ kind }) => kind === 'worker');
  const parts: Part[] = [
    { name: 'system', mib: input.systemMegabytes },
    { name: 'supervisor', mib: SUPERVISOR_MIB },
    {
      name: 'functions',
      mib: total(functions, ({ instances, inFlight }) => instances * FUNCTION_MIB + inFlight * REQUEST_MIB),
    },
    {
      name: 'workers',
      mib: total(workers, ({ instances, isLoaded, capMiB }) => instances * (isLoaded ? capMiB : WORKER_MIB)),
    },
    { name: 'children', mib: total(units, (unit) => activeChildrenMiB(unit, plans)) },
    { name: 'PostgreSQL', mib: sharedBuffers + connections * CONNECTION_MIB + POSTGRES_MIB },
    { name: 'Redis', mib: sizes.redisMegabytes * REDIS_OVERHEAD },
    { name: 'Caddy', mib: CADDY_MIB },
    { name: 'index', mib: indexMiB(input) },
  ];
  const totalMiB = total(parts, ({ mib }) => mib);
  const idleMiB = idlePlatformMiB(
    total(functions, ({ unit }) => Math.max(0, units.find(({ name }) => name === unit)?.manifest.instances.min ?? 0)),
    workers.length,
  );
  return {
    ...{ parts, totalMiB, hostMiB, share: totalMiB / hostMiB, idleMiB },
    idleFreeMiB: Math.max(0, hostMiB - input.systemMegabytes - idleMiB),
    atLimitsMiB: total(plans, ({ allowed, capMiB }) => allowed * capMiB),
  };
}

/** MiB of a platform that does nothing, without the operating system. */
export const idlePlatformMiB = (functions: number, workers: number): number =>
  functions * FUNCTION_MIB + workers * WORKER_MIB + IDLE_SUM_MIB;

/** Vectors that are kept in memory. */
export const indexMiB = (input: PlanInput): number => (storedChunks(input) * VECTOR_BYTES * HOT_SHARE) / MIB;

function activeChildrenMiB(unit: Unit, plans: readonly UnitPlan[]): number {
  const plan = plans.find((each) => each.unit === unit.name);
  if (!plan?.isLoaded) return 0;
  const { most, mib } = childrenOf(unit);
  return Math.min(plan.instances * most, Math.max(1, Math.ceil(plan.inFlight))) * mib;
}

/**
 * MiB that the container of the platform needs: all functions at work, all workers at their limits, and their children.
 * @param units with as many instances as there may be
 */
export const containerMiB = (units: readonly Unit[], requestsInFlight = 0): number =>
  SUPERVISOR_MIB +
  requestsInFlight * REQUEST_MIB +
  total(units, ({ kind, manifest }) => manifest.instances.max * (kind === 'function' ? FUNCTION_MIB : cap(manifest))) +
  total(units, (unit) => {
    const { most, mib } = childrenOf(unit);
    return unit.manifest.instances.max * most * mib;
  });

const cap = ({ memory }: Unit['manifest']): number => memory + BESIDE_HEAP_MIB;

const total = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
