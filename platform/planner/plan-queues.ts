import type { PlanInput } from './input/schema.ts';
import { type Load, type Work, workUnits } from './loads.ts';
import { slotsWanted, type UnitPlan } from './plan-units.ts';
import { burst, perHourAtLength, type QueueFigures, queueFigures, shareAbove } from './queues.ts';

/** The alarm of a long line begins at so many jobs that wait. */
const LONG_LINE = 10;

/** How long one kind of work waits in the busiest hour. */
export interface QueuePlan extends QueueFigures {
  work: Work;
  perHour: number;
  seconds: number;
  slots: number;
  /** What gives it its slots. */
  slotsOf: 'provider' | 'processes' | 'cores';
  /** Slots with which waits are as wished; null beyond 100,000. */
  slotsWanted: number | null;
  waitSeconds: number;
  waitShare: number;
  /** Share of requests that wait longer than `waitSeconds`. */
  shareAbove: number;
  /** Requests an hour at which 10 wait on average, as the alarm has it. */
  perHourAtTen: number;
  /** Of people who press at the same moment; null when none are named. */
  atOnce: { people: number; lastSeconds: number; meanSeconds: number } | null;
}

/** Lines of the work that has slots: all but calls of models of which the provider takes any number. */
export const planQueues = (
  input: PlanInput,
  loads: readonly Load[],
  units: readonly UnitPlan[],
  cores: number,
): QueuePlan[] =>
  loads.flatMap((load) => {
    const places = slotsOf(load, units, cores);
    if (places === undefined || load.callsPerHour === 0) return [];
    const arrivals = { perHour: load.callsPerHour, seconds: load.seconds, slots: places.slots };
    const people = load.work === 'images' ? input.images.atOnce : undefined;
    return [
      {
        ...{ work: load.work, ...arrivals, slotsOf: places.of, slotsWanted: slotsWanted(load) },
        ...queueFigures(arrivals),
        ...{ waitSeconds: load.waitSeconds, waitShare: load.waitShare },
        shareAbove: shareAbove(arrivals, load.waitSeconds),
        perHourAtTen: perHourAtLength(LONG_LINE, load.seconds, places.slots),
        atOnce: people === undefined ? null : { people, ...burst(people, load.seconds, places.slots) },
      },
    ];
  });

/** What a load may have in progress at a time; undefined when nothing limits it. */
function slotsOf(
  load: Load,
  units: readonly UnitPlan[],
  cores: number,
): { slots: number; of: QueuePlan['slotsOf'] } | undefined {
  const unit = units.find((each) => each.unit === workUnits[load.work].unit);
  const limits: { slots: number; of: QueuePlan['slotsOf'] }[] = [];
  if (load.slots !== undefined) limits.push({ slots: load.slots, of: 'provider' });
  if (unit?.kind === 'worker') {
    const processes = Math.max(1, Math.min(unit.instances, unit.allowed));
    limits.push({ slots: processes * unit.concurrency, of: 'processes' });
    if (load.work === 'documents') limits.push({ slots: Math.max(1, Math.floor(cores)), of: 'cores' });
  }
  return limits.toSorted((a, b) => a.slots - b.slots)[0];
}
