import { performance as clock } from 'node:perf_hooks';
import type { InstanceReport } from '../kernel/instance-report.ts';

/** One request or job under way. */
export interface Work {
  /** The answer begins, or the job's attempt is over; the first call counts. */
  answer(outcome: 'ok' | 'failed'): void;
  /** Nothing is under way any more. Without an answer before, as when a client left, neither time nor failure is counted. */
  end(): void;
}

/** Counts what one process does, for the supervisor to ask at any time. */
export interface Report {
  begin(): Work;
  /** A request was turned away for overload, without having begun. */
  refuse(): void;
  /** The process can be asked from now on. */
  listening(): void;
  inFlight(): number;
  begun(): number;
  current(): InstanceReport;
}

/** Seconds: fine around the promised 200 ms, wide enough for model answers and jobs. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

/** To be made as soon as the code is loaded, since that is what it takes the time of. */
export function createReport(): Report {
  const counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  const loaded = Date.now();
  let listening = loaded;
  let idleSince = performance.now();
  let [inFlight, begun, failed, refused] = [0, 0, 0, 0];

  return {
    begin() {
      const started = performance.now();
      let answered = false;
      let ended = false;
      inFlight++;
      begun++;
      return {
        answer(outcome) {
          if (answered || ended) return;
          answered = true;
          if (outcome === 'failed') failed++;
          const seconds = (performance.now() - started) / 1000;
          const bucket = bounds.findIndex((bound) => seconds <= bound);
          counts.splice(bucket, 1, (counts.at(bucket) ?? 0) + 1);
        },
        end() {
          if (ended) return;
          ended = true;
          inFlight--;
          idleSince = performance.now();
        },
      };
    },
    refuse: () => void refused++,
    listening() {
      listening = Date.now();
    },
    inFlight: () => inFlight,
    begun: () => begun,
    current: () => ({
      inFlight,
      begun,
      failed,
      refused,
      idleMs: inFlight > 0 ? 0 : Math.round(performance.now() - idleSince),
      durations: { bounds, counts: [...counts] },
      loop: readLoop(),
      started: { process: Math.round(performance.timeOrigin), loaded, listening },
    }),
  };
}

function readLoop(): Required<InstanceReport>['loop'] {
  const { user, system } = process.cpuUsage();
  return {
    busyMs: Math.round(clock.eventLoopUtilization().active),
    processorMs: Math.round((user + system) / 1000),
  };
}
