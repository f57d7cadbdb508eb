import { describe, expect, it } from 'vitest';
import { type RestSample, untilSleep } from './until-sleep.ts';

const manifest = { instances: { min: 0, max: 2 }, idle: 300 };
const idle = { inFlight: 0, idleMs: 300_000 };
const resting: RestSample = { reports: [idle, idle], held: 0, changing: false };

const at = (difference: Partial<RestSample>) => untilSleep({ ...resting, ...difference }, manifest);

describe('untilSleep', () => {
  it('is over when none of its processes has had a request for its idle time', () => {
    expect(at({})).toBe(0);
    expect(at({ reports: [{ inFlight: 0, idleMs: 900_000 }] })).toBe(0);
  });

  it('lasts as long as the process that was asked last still waits, and from the beginning for an open request', () => {
    expect(at({ reports: [idle, { inFlight: 0, idleMs: 299_000 }] })).toBe(1_000);
    expect(at({ reports: [idle, { inFlight: 1, idleMs: 0 }] })).toBe(300_000);
  });

  it.each<[string, Partial<RestSample>]>([
    ['a process does not answer or only starts', { reports: [idle, undefined] }],
    ['requests are held for it', { held: 1 }],
    ['it is being changed or watched', { changing: true }],
    ['the operator set a number', { fixed: 1 }],
    ['none of its processes is ready', { reports: [] }],
  ])('may be over at any moment when %s', (_, difference) => {
    expect(at(difference)).toBe(1);
  });

  it('is never over for a function that shall always run', () => {
    expect(untilSleep(resting, { ...manifest, instances: { min: 1, max: 2 } })).toBeGreaterThan(0);
  });
});
