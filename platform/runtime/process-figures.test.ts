import { afterEach, expect, it, vi } from 'vitest';
import { createMetrics, type Metrics } from '../kernel/telemetry/metrics.ts';
import { showProcess } from './process-figures.ts';
import { countRefusal } from './refusals.ts';

let metrics: Metrics;
afterEach(async () => {
  vi.useRealTimers();
  await metrics.close();
});
const figure = async (series: string) => {
  const line = (await metrics.expose()).split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
};
/** Takes processor time, however long that takes. */
const work = (ms: number) => {
  for (const before = process.cpuUsage(); process.cpuUsage(before).user < ms * 1000; );
};

it('shows what a process takes and does', async () => {
  metrics = createMetrics({ enabled: true });
  showProcess(metrics, 'ask', { inFlight: () => 3 });
  expect(await figure('pandect_requests_in_flight{unit="ask"}')).toBe(3);
  const before = (await figure('pandect_process_cpu_seconds_total{unit="ask"}')) ?? Number.NaN;
  work(30);
  expect(await figure('pandect_process_cpu_seconds_total{unit="ask"}')).toBeGreaterThan(before + 0.025);
});

it('shows how long the event loop was blocked, for a while after it was', async () => {
  metrics = createMetrics({ enabled: true });
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] });
  showProcess(metrics, 'ask', { inFlight: () => 0 });
  const lag = () => figure('pandect_event_loop_lag_seconds{unit="ask"}');
  vi.advanceTimersByTime(500);
  expect(await lag()).toBe(0);
  // The clock moves on and the timer does not: the loop stands still.
  const clock = vi.spyOn(performance, 'now');
  clock.mockReturnValueOnce(1_000 + 700);
  vi.advanceTimersByTime(500);
  clock.mockRestore();
  expect(await lag()).toBeCloseTo(0.7, 1);
  vi.advanceTimersByTime(40_000);
  expect(await lag()).toBeCloseTo(0, 1);
});

it('counts what is refused by its reason, and nothing else', async () => {
  metrics = createMetrics({ enabled: true });
  for (const status of [401, 403, 429, 503]) countRefusal(metrics, { type: 'limited', status });
  for (const status of [400, 404, 500]) countRefusal(metrics, { type: 'other', status });
  expect(await figure('pandect_refused_total{reason="limited"}')).toBe(4);
  expect(await figure('pandect_refused_total{reason="other"}')).toBeUndefined();
});

it('adds organizations up where they are not told apart', async () => {
  metrics = createMetrics({ enabled: true, byOrganization: false });
  const questions = { name: 'questions_total', description: 'Questions' };
  for (const organization of ['a', 'b']) metrics.count(questions, { model: 'm', organization });
  expect(await figure('questions_total{model="m"}')).toBe(2);
});
