import { describe, expect, it } from 'vitest';
import type { ManagedUnit } from '../../units/managed-unit.ts';
import { unitFamilies } from './unit-figures.ts';

const MIB = 1024 * 1024;

interface Given {
  kind?: 'function' | 'worker';
  wanted?: number;
  ready?: number;
  backoffMs?: number;
  isDeployed?: boolean;
  leaving?: number;
  held?: number;
}

/** A unit as far as its metrics go; all its processes are this one. */
function unit(name: string, given: Given = {}): ManagedUnit {
  const { kind = 'function', wanted = 1, ready = 1, backoffMs = 0, isDeployed = true, leaving = 0, held = 0 } = given;
  const processes = Array.from({ length: ready }, () => ({ pid: process.pid }));
  const current = isDeployed ? { wanted, ready: processes, instances: processes, backoffMs, restarts: 2 } : undefined;
  const left = Array.from({ length: leaving }, () => ({ ready: [], instances: [], restarts: 0 }));
  return {
    name,
    unit: { kind, name, manifest: { memory: 64 } },
    state: { current, candidates: [], previews: [], leaving: left, pastRestarts: 0 },
    activation: kind === 'function' ? { held: () => held, count: () => 3 } : undefined,
  } as unknown as ManagedUnit;
}

const valuesOf = (units: ManagedUnit[], name: string) =>
  unitFamilies(units).find((family) => family.name === name)?.series ?? [];

describe('figures of units', () => {
  it('tell what sleeps from what is down', () => {
    const units = [
      unit('serving', { leaving: 1 }),
      unit('sleeping', { wanted: 0, ready: 0 }),
      unit('paused', { kind: 'worker', wanted: 0, ready: 0 }),
      unit('crashing', { ready: 0, backoffMs: 30_000 }),
      unit('starting', { ready: 0 }),
      unit('missing', { isDeployed: false }),
    ];
    const states = valuesOf(units, 'pandect_unit_state').flatMap(({ labels, value }) =>
      value === 1 ? [`${labels?.unit} ${labels?.state}`] : [],
    );
    expect(states).toEqual([
      ...['serving ready', 'serving draining', 'sleeping asleep', 'paused paused'],
      ...['crashing backing_off', 'starting down', 'missing down'],
    ]);
    expect(valuesOf(units, 'pandect_instances').map(({ value }) => value)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(valuesOf(units, 'pandect_instances_wanted').map(({ value }) => value)).toEqual([1, 0, 0, 1, 1, 0]);
  });

  it('have the memory of all processes next to what they may take', () => {
    const units = [unit('one'), unit('two', { ready: 2 }), unit('none', { ready: 0 })];
    const [one, two, none] = valuesOf(units, 'pandect_process_resident_bytes').map(({ value }) => value);
    expect(one).toBeGreaterThan(MIB);
    expect(two).toBeGreaterThan(1.5 * (one ?? 0));
    expect(none).toBe(0);
    const limits = valuesOf(units, 'pandect_process_memory_limit_bytes').map(({ value }) => value / MIB);
    expect(limits).toEqual([160, 320, 0]);
  });

  it('begin events with 0 for every unit and reason', () => {
    const kills = valuesOf([unit('one')], 'pandect_kills_total');
    expect(kills).toContainEqual({ labels: { unit: 'one', reason: 'memory' }, value: 0 });
    expect(valuesOf([unit('one')], 'pandect_deploys_total').map(({ labels }) => labels?.outcome)).toEqual([
      ...['done', 'restored', 'failed'],
    ]);
  });

  it('show requests that wait for a sleeping function as in flight', () => {
    expect(valuesOf([unit('a', { held: 4 }), unit('b', { kind: 'worker' })], 'pandect_requests_in_flight')).toEqual([
      { labels: { unit: 'a' }, value: 4 },
    ]);
  });
});
