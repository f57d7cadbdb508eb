import type { Metrics } from '../kernel/telemetry/metrics.ts';
import type { Report } from './report.ts';

/** Long enough for two readers that come every 15 s to see the same delay. */
const WINDOW_MS = 15_000;
const PROBE_MS = 500;

/** Shows what a process takes and does. Each of these is told by the process itself, so that nothing is lost when it ends. */
export function showProcess(metrics: Metrics, unit: string, report: Pick<Report, 'inFlight'>): void {
  const labels = { unit };
  metrics.gauge('pandect_requests_in_flight', 'Requests or jobs under way', report.inFlight, labels);
  metrics.total(
    'pandect_process_cpu_seconds_total',
    'Processor time of the processes, that of their children left out',
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000_000;
    },
    labels,
  );
  const lag = watchEventLoop();
  metrics.sharedGauges(
    'pandect_event_loop_lag_seconds',
    'Longest delay of a timer of late, in the slowest of the processes',
    async () => [{ labels, value: lag() }],
  );
}

/** Tells by how much a timer was late at most in the last 15 to 30 s, in seconds. It keeps no process alive. */
function watchEventLoop(): () => number {
  let expected = performance.now() + PROBE_MS;
  let windowEnds = performance.now() + WINDOW_MS;
  let [now, before] = [0, 0];
  setInterval(() => {
    const at = performance.now();
    if (at >= windowEnds) {
      windowEnds = at + WINDOW_MS;
      [now, before] = [0, now];
    }
    now = Math.max(now, at - expected);
    expected = at + PROBE_MS;
  }, PROBE_MS).unref();
  // A timer that is overdue right now counts as well.
  return () => Math.max(now, before, performance.now() - expected, 0) / 1000;
}
