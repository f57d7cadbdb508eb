import { memoryCap } from '../supervisor/process/memory-cap.ts';
import type { Unit } from '../supervisor/unit.ts';
import { type Load, shareOfUnit, workUnits } from './loads.ts';
import { offeredLoad, slotsFor } from './queues.ts';

const MIB = 1024 * 1024;
const HOUR_SECONDS = 3_600;
/** A moment has so many times the requests of the mean of its hour. */
const BURST = 3;
/** Of the requests that a process takes. */
const FULL_SHARE = 0.7;
/** Of a core, before requests of a process wait for each other. */
const BUSY_SHARE = 0.5;
/** Of slots that work without a line of its own needs. */
const WORKED_SHARE = 0.8;
/** More than any number of hosts has: sums of them stay exact. */
const MOST_PROCESSES = 1_000_000;

/** How many processes of a unit there are to be, and why. */
export interface UnitPlan {
  unit: string;
  kind: Unit['kind'];
  /** Wanted in the busiest hour; 0 sleeps. */
  instances: number;
  /** The most that the manifest allows. */
  allowed: number;
  /** Requests or jobs of one process at a time. */
  concurrency: number;
  /** On average in the busiest hour, over all processes (Little). */
  inFlight: number;
  isLoaded: boolean;
  /** What decides: the manifest's least, requests in flight, the processor or waits. */
  decidedBy: 'manifest' | 'in flight' | 'processor' | 'waits';
  /** MiB above which a process is replaced. */
  capMiB: number;
}

/** Slots for work that takes `seconds`, busy for 80 % of the time. */
export const workersFor = (perHour: number, seconds: number): number =>
  Math.ceil(offeredLoad(perHour, seconds) / WORKED_SHARE);

/** Requests in flight on average and in a burst. */
export function inFlight(perHour: number, seconds: number): { mean: number; burst: number } {
  const mean = offeredLoad(perHour, seconds);
  return { mean, burst: BURST * mean };
}

/** Processes for so many requests in flight. */
export const instancesFor = (burst: number, concurrency: number): number =>
  Math.ceil(burst / (FULL_SHARE * concurrency));

export const planUnits = (units: readonly Unit[], loads: readonly Load[], cores: number): UnitPlan[] =>
  units.map((unit) => {
    const shares = loads.flatMap((load) => {
      const part = shareOfUnit(load, unit.name);
      return part && part.perHour > 0 ? [{ ...part, load, isMain: workUnits[load.work].unit === unit.name }] : [];
    });
    const plan = {
      ...{ unit: unit.name, kind: unit.kind, allowed: unit.manifest.instances.max },
      ...{ concurrency: unit.manifest.concurrency, isLoaded: shares.length > 0 },
      inFlight: shares.reduce((sum, { perHour, seconds }) => sum + offeredLoad(perHour, seconds), 0),
      capMiB: memoryCap(unit.manifest.memory) / MIB,
    };
    return { ...plan, ...wanted(unit, shares, plan.inFlight, cores) };
  });

interface Part {
  perHour: number;
  seconds: number;
  processorSeconds: number;
  load: Load;
  isMain: boolean;
}

function wanted(
  { kind, manifest }: Unit,
  parts: readonly Part[],
  mean: number,
  cores: number,
): Pick<UnitPlan, 'instances' | 'decidedBy'> {
  const { concurrency, instances } = manifest;
  const least = parts.length > 0 ? Math.max(1, instances.min) : instances.min;
  const busy = parts.reduce((sum, part) => sum + (BURST * part.perHour * part.processorSeconds) / HOUR_SECONDS, 0);
  const half = Math.max(1, Math.ceil(cores / 2));
  const choices: [number, UnitPlan['decidedBy']][] = [[least, 'manifest']];
  if (kind === 'function') {
    choices.push([instancesFor(BURST * mean, concurrency), 'in flight']);
    choices.push([Math.min(Math.ceil(busy / BUSY_SHARE), half), 'processor']);
  } else {
    const main = parts.find(({ isMain }) => isMain);
    if (main) choices.push([workersOf(main.load, concurrency, half), 'waits']);
  }
  const [most, decidedBy] = choices.reduce((best, next) => (next[0] > best[0] ? next : best));
  return { instances: Math.min(most, MOST_PROCESSES), decidedBy };
}

/** Slots that a load needs so that waits are as wished, and no more of its time than 80 % is worked; null beyond 100,000. */
export function slotsWanted({ callsPerHour, seconds, waitSeconds, waitShare }: Load): number | null {
  if (callsPerHour === 0) return 0;
  const byWaits = slotsFor(callsPerHour, seconds, waitSeconds, waitShare);
  return byWaits === null ? null : Math.max(byWaits, workersFor(callsPerHour, seconds));
}

function workersOf(load: Load, concurrency: number, half: number): number {
  // What provider or cores do not let happen at the same time needs no process.
  const most = load.work === 'documents' ? half * concurrency : (load.slots ?? Number.MAX_SAFE_INTEGER);
  const wanted = slotsWanted(load) ?? workersFor(load.callsPerHour, load.seconds);
  return Math.ceil(Math.min(wanted, most) / concurrency);
}
