import type { Unit } from '../supervisor/unit.ts';
import { type ProcessSums, sumProcesses } from './check-processes.ts';
import type { PlanInput } from './input/schema.ts';
import { busyCores, type Load, loadsOf } from './loads.ts';
import { type OwnStage, planOwnStages } from './own-stages.ts';
import { type ConnectionsPlan, planDatabase, scaledOut } from './plan-connections.ts';
import { type DiskPlan, planDisk } from './plan-disk.ts';
import { type LimitsPlan, planLimits } from './plan-limits.ts';
import { type MemoryPlan, planMemory } from './plan-memory.ts';
import { planQueues, type QueuePlan } from './plan-queues.ts';
import { planUnits, type UnitPlan } from './plan-units.ts';
import { type Host, type RunsOut, runsOut } from './runs-out.ts';
import { hostOf, planStages, type StagePlan, swapFor } from './stages.ts';
import { findWarnings, type Warning } from './warnings.ts';

/** What a load needs and costs. Every number is finite; null is what cannot be told. */
export interface Plan {
  host: Host & { name: string };
  currency: string;
  growthPerMonth: number;
  loads: Load[];
  units: UnitPlan[];
  queues: QueuePlan[];
  memory: MemoryPlan;
  processor: { busyCores: number; cores: number; share: number };
  disk: DiskPlan;
  connections: ConnectionsPlan;
  limits: LimitsPlan;
  swapGb: { least: number; most: number };
  /** A message of a bot to every user, at Telegram's 30 a second. */
  broadcastSeconds: number;
  runsOut: RunsOut[];
  stages: StagePlan[];
  ownStages: OwnStage[];
  processes: ProcessSums | null;
  warnings: Warning[];
}

const MESSAGES_PER_SECOND = 30;

/** @param units as `readUnits` reads them of a checkout */
export function makePlan(input: PlanInput, units: readonly Unit[]): Plan {
  const stages = planStages(input, units);
  const { host, name } = hostOf(input, stages);
  const loads = loadsOf(input);
  const plans = planUnits(units, loads, host.cores);
  const connections = planDatabase(units, plans, input.database);
  const memory = planMemory(input, units, plans, host, connections.open);
  const inFlight = plans.reduce((sum, plan) => sum + (plan.kind === 'function' ? plan.inFlight : 0), 0);
  const scaled = scaledOut(units, plans);
  const limits = planLimits(input, scaled, host, { memory, connections: connections.open, inFlight });
  const queues = planQueues(input, loads, plans, host.cores);
  const disk = planDisk(input, loads, host);
  const sums = sumProcesses(input);
  const busy = busyCores(loads);
  const ownStages = planOwnStages(input);
  const judged = { input, units, loads, plans, queues, memory, disk, connections, limits, sums, ownStages };
  return rounded({
    host: { name, cores: host.cores, memoryGb: host.memoryGb, diskGb: host.diskGb },
    ...{ currency: input.prices.currency, growthPerMonth: input.growthPerMonth },
    ...{ loads, units: plans, queues, memory, disk, connections, limits, stages },
    processor: { busyCores: busy, cores: host.cores, share: busy / host.cores },
    ...{ swapGb: swapFor(host.memoryGb), runsOut: runsOut(input, units, host) },
    ...{ ownStages, processes: sums, broadcastSeconds: input.users / MESSAGES_PER_SECOND },
    warnings: findWarnings({ ...judged, host: { name, memoryGb: host.memoryGb } }),
  });
}

const DECIMALS = 6;

/** Without the digits that come of the way numbers are added. */
function rounded<T>(value: T): T {
  if (typeof value === 'number') return Number(value.toFixed(DECIMALS)) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) as T;
}
