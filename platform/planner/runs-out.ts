import type { Unit } from '../supervisor/unit.ts';
import type { PlanInput } from './input/schema.ts';
import { busyCores, grown, type Load, loadsOf, type Work, workUnits } from './loads.ts';
import { planDatabase } from './plan-connections.ts';
import { planDisk } from './plan-disk.ts';
import { planMemory } from './plan-memory.ts';
import { planUnits, slotsWanted } from './plan-units.ts';

/** Shares of what there is at which a resource counts as used up. */
export const ROOM = { memory: 0.85, processor: 0.8, disk: 0.7, connections: 0.8 } as const;
export type Resource = keyof typeof ROOM | `slots of ${Work}`;

export interface Use {
  resource: Resource;
  used: number;
  /** What there may be used: the share above of what the host has. */
  most: number;
}

/** When a resource is used up. */
export interface RunsOut extends Use {
  share: number;
  /** Times today's load at which it is, 0 without any; null beyond a thousand. */
  atLoad: number | null;
  /** Whole months of growth until then, 0 now; null beyond five years. */
  months: number | null;
}

export interface Host {
  cores: number;
  memoryGb: number;
  diskGb: number;
}

const MOST_MONTHS = 60;
const MOST_LOAD = 1_024;
const STEPS = 20;
const GIB_MIB = 1024;

/** How much of each resource a load takes. */
export function usesOf(input: PlanInput, units: readonly Unit[], host: Host): Use[] {
  const loads = loadsOf(input);
  const plans = planUnits(units, loads, host.cores);
  const connections = planDatabase(units, plans, input.database);
  const memory = planMemory(input, units, plans, host, connections.open);
  const uses: Use[] = [
    { resource: 'memory', used: memory.totalMiB / GIB_MIB, most: ROOM.memory * host.memoryGb },
    { resource: 'processor', used: busyCores(loads), most: ROOM.processor * host.cores },
    { resource: 'connections', used: connections.wanted, most: ROOM.connections * connections.accepted },
  ];
  if (host.diskGb > 0) {
    uses.push({ resource: 'disk', used: planDisk(input, loads, host).totalGiB, most: ROOM.disk * host.diskGb });
  }
  return [...uses, ...loads.flatMap((load) => slotUse(load, units))];
}

/** Slots that a provider gives or, without one, that manifests allow. */
function slotUse(load: Load, units: readonly Unit[]): Use[] {
  if (load.callsPerHour === 0 || load.work === 'documents') return [];
  const unit = units.find(({ kind, name }) => kind === 'worker' && name === workUnits[load.work].unit);
  const processes = unit && unit.manifest.instances.max * unit.manifest.concurrency;
  const most = Math.min(load.slots ?? Number.POSITIVE_INFINITY, processes ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(most)) return [];
  return [{ resource: `slots of ${load.work}`, used: slotsWanted(load) ?? Number.MAX_SAFE_INTEGER, most }];
}

/** All resources, the one that is used up first before the others. */
export function runsOut(input: PlanInput, units: readonly Unit[], host: Host): RunsOut[] {
  const now = usesOf(input, units, host);
  const months = monthsUntil(input, units, host);
  return now
    .map((use) => ({
      ...{ ...use, share: use.used / use.most, months: months.get(use.resource) ?? null },
      atLoad: loadUntil(use.resource, input, units, host),
    }))
    .toSorted(
      (a, b) =>
        (a.months ?? MOST_MONTHS + 1) - (b.months ?? MOST_MONTHS + 1) ||
        (a.atLoad ?? MOST_LOAD + 1) - (b.atLoad ?? MOST_LOAD + 1) ||
        b.share - a.share,
    );
}

const isOver = ({ used, most }: Use): boolean => used > most;

function monthsUntil(input: PlanInput, units: readonly Unit[], host: Host): Map<Resource, number> {
  const found = new Map<Resource, number>();
  let later = input;
  for (let month = 0; month <= MOST_MONTHS; month++) {
    const uses = usesOf(later, units, host);
    for (const use of uses) if (isOver(use) && !found.has(use.resource)) found.set(use.resource, month);
    if (found.size === uses.length) break;
    const count = later.documents.count + later.documents.newPerDay * input.daysPerMonth;
    const next = grown(later, 1 + input.growthPerMonth);
    later = { ...next, documents: { ...next.documents, count } };
  }
  return found;
}

function loadUntil(resource: Resource, input: PlanInput, units: readonly Unit[], host: Host): number | null {
  const isOverAt = (factor: number) =>
    usesOf(grown(input, factor), units, host).some((use) => use.resource === resource && isOver(use));
  if (isOverAt(0)) return 0;
  if (!isOverAt(MOST_LOAD)) return null;
  let [low, high] = [0, MOST_LOAD];
  for (let step = 0; step < STEPS; step++) {
    const factor = (low + high) / 2;
    if (isOverAt(factor)) high = factor;
    else low = factor;
  }
  return high;
}
