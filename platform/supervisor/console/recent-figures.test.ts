import { expect, it } from 'vitest';
import type { InstanceReport } from '../../kernel/instance-report.ts';
import { emptyState } from '../units/state.ts';
import { startRecentFigures } from './recent-figures.ts';

const report = (begun: number, failed: number, startedAt: number): InstanceReport => ({
  ...{ begun, failed, inFlight: 0, refused: 0, idleMs: 0 },
  durations: { bounds: [0.1, 1], counts: [begun - failed, failed, 0] },
  started: { process: startedAt, loaded: startedAt, listening: startedAt },
});

it('tells what was done since it looks, by unit and release, and forgets what is older than five minutes', async () => {
  let now = 1_000_000;
  const reports = new Map<string, InstanceReport>();
  const instance = (id: string, release: string) => ({ id, release, socket: id });
  const processes = (release: string, ...ids: string[]) =>
    ({ instances: ids.map((id) => instance(id, release)) }) as never;
  const state = {
    ...emptyState<never>({ history: [] }),
    current: processes('live', 'a'),
    canary: { processes: processes('new', 'b'), percent: 10 },
  };
  const figures = startRecentFigures({
    units: () => [{ name: 'ask', state }],
    report: async (socket) => reports.get(socket),
    now: () => now,
  });
  expect(figures.of('ask')).toEqual({ requestsPerSecond: null, errorRatio: null, p95Ms: null });
  // It ran before anyone looked: what it did until then has no time.
  reports.set('a', report(1_000, 500, 0));
  await figures.sample();
  now += 100_000;
  reports.set('a', report(1_100, 500, 0));
  // Began since, so that all it did counts.
  reports.set('b', report(50, 25, now - 1_000));
  await figures.sample();
  expect(figures.of('ask')).toMatchObject({ requestsPerSecond: 1.5, errorRatio: 25 / 150 });
  expect(figures.of('ask', 'live')).toMatchObject({ requestsPerSecond: 1, errorRatio: 0 });
  expect(figures.of('ask', 'new').errorRatio).toBe(0.5);
  expect(figures.of('ask').p95Ms).toBeGreaterThan(100);
  expect(figures.of('other')).toMatchObject({ requestsPerSecond: 0, errorRatio: null, p95Ms: null });
  now += 300_000;
  await figures.sample();
  expect(figures.all()).toMatchObject({ requestsPerSecond: 0, errorRatio: null });
  figures.close();
});
