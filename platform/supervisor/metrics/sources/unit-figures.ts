import { endReasons } from '../../control/contract.ts';
import { privateBytes } from '../../process/memory.ts';
import { memoryCap } from '../../process/memory-cap.ts';
import type { ManagedUnit } from '../../units/managed-unit.ts';
import { byRole, nameOfState, restartsOf } from '../../units/state.ts';
import type { Family } from '../family.ts';
import { deployOutcomes, deploysTotal, killsTotal } from '../platform-events.ts';

/** Words of the label `state`, of which `draining` may be true next to another. */
export const shownStates = ['ready', 'asleep', 'paused', 'backing_off', 'down', 'draining'] as const;

/** What the supervisor knows of functions and workers. Events begin with 0, or the first of each would not be seen as a rise. */
export function unitFamilies(units: readonly ManagedUnit[]): Family[] {
  const perUnit = (name: string, type: Family['type'], help: string, value: (managed: ManagedUnit) => number) => ({
    ...{ name, type, help },
    series: units.map((managed) => ({ labels: { unit: managed.name }, value: value(managed) })),
  });
  const zeros = (family: Omit<Family, 'series'>, label: string, values: readonly string[]) => ({
    ...family,
    series: units.flatMap(({ name }) => values.map((value) => ({ labels: { unit: name, [label]: value }, value: 0 }))),
  });
  const functions = units.filter(({ activation }) => activation !== undefined);
  return [
    perUnit('pandect_instances', 'gauge', 'Processes that are ready', ({ state }) =>
      byRole(state).reduce((sum, { processes }) => sum + processes.ready.length, 0),
    ),
    perUnit(
      'pandect_instances_wanted',
      'gauge',
      'Processes that should serve',
      ({ state }) => state.current?.wanted ?? 0,
    ),
    {
      ...{ name: 'pandect_unit_state', type: 'gauge', help: '1 for the state that a function or worker is in' },
      series: units.flatMap((managed) =>
        shownStates.map((state) => ({ labels: { unit: managed.name, state }, value: isIn(managed, state) ? 1 : 0 })),
      ),
    },
    perUnit('pandect_restarts_total', 'counter', 'Processes started again after one ended', ({ state }) =>
      restartsOf(state),
    ),
    perUnit(
      'pandect_wakes_total',
      'counter',
      'Times a sleeping function was woken',
      ({ activation }) => activation?.count() ?? 0,
    ),
    {
      ...{ name: 'pandect_requests_in_flight', type: 'gauge', help: REQUESTS_IN_FLIGHT },
      series: functions.map(({ name, activation }) => ({ labels: { unit: name }, value: activation?.held() ?? 0 })),
    },
    perUnit(
      'pandect_process_resident_bytes',
      'gauge',
      'Memory that processes hold and share with no other',
      (managed) => instancesOf(managed).reduce((sum, { pid }) => sum + (privateBytes(pid) ?? 0), 0),
    ),
    perUnit(
      'pandect_process_memory_limit_bytes',
      'gauge',
      'Memory above which processes are replaced',
      (managed) => instancesOf(managed).length * memoryCap(managed.unit.manifest.memory),
    ),
    zeros(killsTotal, 'reason', endReasons),
    zeros(deploysTotal, 'outcome', deployOutcomes),
  ];
}

/** Also in the figures of each process, see `platform/runtime/process-figures.ts`: what is held for a sleeping one is added. */
const REQUESTS_IN_FLIGHT = 'Requests or jobs under way';

const instancesOf = ({ state }: ManagedUnit) => byRole(state).flatMap(({ processes }) => processes.instances);

const words = {
  serving: 'ready',
  asleep: 'asleep',
  paused: 'paused',
  'backing off': 'backing_off',
  down: 'down',
} as const;

function isIn({ state, unit }: ManagedUnit, shown: (typeof shownStates)[number]): boolean {
  if (shown === 'draining') return state.leaving.length > 0;
  return words[nameOfState(state, unit.kind)] === shown;
}
