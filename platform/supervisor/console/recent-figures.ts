import type { InstanceReport } from '../../kernel/instance-report.ts';
import { bucketQuantile } from '../alerts/expressions/bucket-quantile.ts';
import { readReport } from '../process/probe.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { byRole } from '../units/state.ts';

/** What was done lately; null where nothing is known yet, or nothing was done. */
export interface WorkFigures {
  /** Requests, or jobs, begun. */
  requestsPerSecond: number | null;
  /** Of those begun, how many failed: 0 to 1. */
  errorRatio: number | null;
  p95Ms: number | null;
}

/** What the processes of all units have done in the last minutes, by release. */
export interface RecentFigures {
  /** Asks all processes once. */
  sample(): Promise<void>;
  /** @param release only its processes; all of the unit without it */
  of(unit: string, release?: string): WorkFigures;
  all(): WorkFigures;
  close(): void;
}

type Work = Pick<InstanceReport, 'begun' | 'failed' | 'durations'>;

interface Sample {
  at: number;
  seconds: number;
  /** What was done since the sample before. */
  work: readonly { unit: string; release: string; work: Work }[];
}

const EVERY_MS = 15_000;
const WINDOW_SECONDS = 300;

interface FiguresOptions {
  units: () => readonly Pick<ManagedUnit, 'name' | 'state'>[];
  report?: (socket: string) => Promise<InstanceReport | undefined>;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Asks at its beginning and each 15 s until it is closed. */
export function startRecentFigures({ units, report = readReport, now = Date.now }: FiguresOptions): RecentFigures {
  let known = new Map<string, InstanceReport>();
  let sampledAt: number | undefined;
  let samples: Sample[] = [];

  const sample = async () => {
    const asked = units().flatMap(({ name, state }) =>
      byRole(state).flatMap(({ processes }) => processes.instances.map((instance) => ({ name, instance }))),
    );
    const answers = await Promise.all(
      asked.map(async ({ name, instance }) => ({ name, instance, answer: await report(instance.socket) })),
    );
    const [at, before] = [now(), sampledAt];
    const next = new Map<string, InstanceReport>();
    const work = answers.flatMap(({ name, instance, answer }) => {
      if (!answer) return [];
      next.set(instance.id, answer);
      const earlier = known.get(instance.id);
      // What a process did before it was first asked counts when it began since the last sample.
      const isNew = before !== undefined && answer.started.process >= before;
      if (!earlier && !isNew) return [];
      return [{ unit: name, release: instance.release, work: since(answer, earlier) }];
    });
    if (before !== undefined) samples.push({ at, seconds: (at - before) / 1000, work });
    samples = samples.filter((each) => at - each.at < WINDOW_SECONDS * 1000);
    known = next;
    sampledAt = at;
  };
  const figures = (isMeant: (each: Sample['work'][number]) => boolean): WorkFigures => {
    const seconds = samples.reduce((sum, each) => sum + each.seconds, 0);
    if (seconds === 0) return { requestsPerSecond: null, errorRatio: null, p95Ms: null };
    const done = samples.flatMap(({ work }) => work.filter(isMeant).map((each) => each.work));
    const begun = done.reduce((sum, work) => sum + work.begun, 0);
    const failed = done.reduce((sum, work) => sum + work.failed, 0);
    return {
      requestsPerSecond: begun / seconds,
      errorRatio: begun === 0 ? null : Math.min(1, failed / begun),
      p95Ms: quantileMs(0.95, done),
    };
  };

  void sample();
  const timer = setInterval(() => void sample(), EVERY_MS).unref();
  return {
    sample,
    of: (unit, release) => figures((each) => each.unit === unit && (release === undefined || each.release === release)),
    all: () => figures(() => true),
    close: () => clearInterval(timer),
  };
}

const since = (now: Work, before: Work | undefined): Work => ({
  begun: now.begun - (before?.begun ?? 0),
  failed: now.failed - (before?.failed ?? 0),
  durations: {
    bounds: now.durations.bounds,
    counts: now.durations.counts.map((count, index) => count - (before?.durations.counts[index] ?? 0)),
  },
});

function quantileMs(share: number, done: readonly Work[]): number | null {
  const counts = new Map<number, number>();
  for (const { durations } of done) {
    for (const [index, count] of durations.counts.entries()) {
      const bound = durations.bounds[index] ?? Number.POSITIVE_INFINITY;
      counts.set(bound, (counts.get(bound) ?? 0) + count);
    }
  }
  let total = 0;
  const buckets = [...counts]
    .toSorted(([a], [b]) => a - b)
    .map(([bound, count]) => {
      total += count;
      return { bound, count: total };
    });
  const seconds = bucketQuantile(share, buckets);
  return Number.isNaN(seconds) ? null : Math.round(seconds * 1000);
}
