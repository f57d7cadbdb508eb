import { describe, expect, it } from 'vitest';
import { type RestSample, shouldSleep } from './should-sleep.ts';

const manifest = { instances: { min: 0, max: 2 }, idle: 300 };
const idle = { inFlight: 0, idleMs: 300_000 };
const resting: RestSample = { reports: [idle, idle], held: 0, changing: false };

describe('shouldSleep', () => {
  it('lets a function sleep when none of its processes has had a request for its idle time', () => {
    expect(shouldSleep(resting, manifest)).toBe(true);
  });

  it.each<[string, Partial<RestSample>]>([
    ['a process had a request since', { reports: [idle, { inFlight: 0, idleMs: 299_999 }] }],
    ['a request or a stream is open', { reports: [idle, { inFlight: 1, idleMs: 0 }] }],
    ['a process does not answer or only starts', { reports: [idle, undefined] }],
    ['requests are held for it', { held: 1 }],
    ['it is being changed or watched', { changing: true }],
    ['the operator set a number', { fixed: 1 }],
    ['it sleeps already', { reports: [] }],
  ])('does not when %s', (_, difference) => {
    expect(shouldSleep({ ...resting, ...difference }, manifest)).toBe(false);
  });

  it('never takes the last processes of a function that shall always run', () => {
    expect(shouldSleep(resting, { ...manifest, instances: { min: 1, max: 2 } })).toBe(false);
  });
});
