import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defineFunction, defineWorker } from '../../kernel/manifest.ts';
import { drainSeconds, readUnits, type Unit } from '../../supervisor/unit.ts';
import { composeProfile, needsOf, profileNames } from './compose-profile.ts';

const units = await readUnits(join(import.meta.dirname, '../../..'));

const unit = (name: string, manifest: object): Unit => ({
  kind: 'function',
  ...{ name, folder: name },
  manifest: defineFunction({ mount: [`/${name}`], ...manifest }),
});
const worker: Unit = {
  kind: 'worker',
  ...{ name: 'reads', folder: 'reads' },
  manifest: defineWorker({
    ...{ memory: 128, concurrency: 3, children: { child: 'child.ts' } },
    childMemory: { perJob: 700, shared: 100 },
  }),
};

describe.each(profileNames)('the profile %s', (name) => {
  const profile = composeProfile(units, name);
  const sum = Object.values(profile.services).reduce((total, { memoryMiB }) => total + memoryMiB, 0);

  it('leaves the host what the system needs when all containers take their limits', () => {
    expect(sum + profile.host.systemMiB).toBeLessThanOrEqual(profile.host.memoryMiB);
    for (const { memoryMiB } of Object.values(profile.services)) expect(memoryMiB).toBeGreaterThanOrEqual(128);
  });

  it('holds all processes at their limits, the supervisor and the children of workers', () => {
    const heapMiB = Number(profile.settings.PROCESS_MEMORY_MIB ?? Number.POSITIVE_INFINITY);
    const atOnce = Number(profile.settings.PARSERS_AT_ONCE ?? 3);
    const needs = needsOf(units, { heapMiB, atOnce });
    expect(profile.needs).toEqual(needs);
    expect(needs.processes + needs.supervisor + needs.children).toBeLessThanOrEqual(profile.limitMiB);
    expect(profile.limitMiB).toBe((profile.services.pandect?.memoryMiB ?? 0) + profile.host.swapMiB);
  });

  it('gives no service more processors than the host has, and stops no later than the longest request ends', () => {
    for (const { cpus } of Object.values(profile.services)) expect(cpus).toBeLessThanOrEqual(profile.host.cores);
    for (const each of units.filter(({ kind }) => kind === 'function'))
      expect(profile.drainSeconds).toBeGreaterThan(drainSeconds(each));
  });
});

it('needs no smaller processes on a large host', () => {
  expect(composeProfile(units, '32g').settings).toEqual({});
});

it('counts what a process, its children and its sleep may take', () => {
  const asleep = unit('asleep', { memory: 64, instances: { min: 0, max: 4 } });
  const two = unit('two', { memory: 128, instances: { min: 2, max: 8 } });
  expect(needsOf([asleep, two, worker], { atOnce: 2 })).toEqual({
    processes: 64 + 96 + 2 * (128 + 96) + (128 + 96),
    supervisor: 150,
    children: 2 * 700 + 100,
    total: 64 + 96 + 3 * (128 + 96) + 150 + 1500,
  });
  expect(needsOf([two, worker], { heapMiB: 40, atOnce: 1 })).toMatchObject({ processes: 3 * 136, children: 800 });
});

it('refuses a host that cannot hold the processes, however small they are made', () => {
  const many = Array.from({ length: 60 }, (_, index) => unit(`f${index}`, {}));
  expect(() => composeProfile(many, '3g')).toThrow(
    'Export compose for "3g": the processes of all units need 7830 MiB, and 6016 are left',
  );
});
