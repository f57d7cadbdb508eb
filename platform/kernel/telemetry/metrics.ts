import type { Attributes } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** The instruments every process shares. Labels never carry a raw path, an address or a person. */
export interface Metrics {
  /** @param endpoint the route's pattern, `/api/documents/{id}` */
  request(method: string, endpoint: string, status: number, seconds: number): void;
  job(queue: string, outcome: 'completed' | 'failed', seconds: number): void;
  /** Adds to a counter of a module, which is made when it first counts. */
  count(counter: Counter, labels: Record<string, string>, amount?: number): void;
  /** Adds a value to a distribution of a module, which is made with its first value. */
  record(distribution: Distribution, labels: Record<string, string>, value: number): void;
  /** A value that is read when somebody asks. */
  gauge(
    name: string,
    description: string,
    read: () => number | Promise<number>,
    labels?: Readonly<Record<string, string>>,
  ): void;
  /** A counter that something else keeps, read when somebody asks; it never falls. */
  total(name: string, description: string, read: () => number, labels: Readonly<Record<string, string>>): void;
  /**
   * Values of something that all processes share, such as in Redis, read when somebody asks. Those of several processes are
   * not added up: the highest counts.
   */
  sharedGauges(name: string, description: string, read: () => Promise<SharedValue[]>): void;
  /** Prometheus text; empty when metrics are off. */
  expose(): Promise<string>;
  close(): Promise<void>;
}

export interface Counter {
  name: string;
  description: string;
}

export interface Distribution {
  name: string;
  description: string;
  /** Upper bounds of its buckets, in the unit that its name ends with. */
  bounds: number[];
}

export interface SharedValue {
  labels: Record<string, string>;
  value: number;
}

/** Says in a process's figures that a family is shared; the line follows its own, as a comment of the format. */
export const SHARED_MARK = '# SHARED';

/** Methods that are labels; all others count as `other`. */
export const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Bounds in seconds: fine around the promised 200 ms, wide enough for model answers. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

/** @param byOrganization whether figures tell organizations apart; otherwise theirs are added up */
export function createMetrics({
  enabled,
  byOrganization = true,
}: {
  enabled: boolean;
  byOrganization?: boolean;
}): Metrics {
  if (!enabled) return silent;
  const kept = ({ organization, ...others }: Record<string, string>) =>
    organization === undefined || !byOrganization ? others : { ...others, organization };
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('pandect');
  // Counted here and read when somebody asks: a counter of the library's makes a key of sorted labels for each request.
  const requests = new Map<string, { labels: Attributes; count: number }>();
  meter.createObservableCounter('http_requests_total', { description: 'Requests answered' }).addCallback((result) => {
    for (const { labels, count } of requests.values()) result.observe(count, labels);
  });
  const durations = meter.createHistogram('http_request_duration_seconds', {
    description: 'Time from the request to its answer; to the beginning of one that is streamed',
    advice: { explicitBucketBoundaries: durationBounds },
  });
  const jobs = meter.createHistogram('job_duration_seconds', {
    description: 'Time a job was worked on',
    advice: { explicitBucketBoundaries: durationBounds },
  });
  const counters = new Map<string, ReturnType<typeof meter.createCounter>>();
  const distributions = new Map<string, ReturnType<typeof meter.createHistogram>>();
  const shared: string[] = [];
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

  return {
    request(method, endpoint, status, seconds) {
      const labels = { method: METHODS.has(method) ? method : 'other', endpoint };
      const key = `${status} ${labels.method} ${endpoint}`;
      const known = requests.get(key);
      if (known) known.count++;
      else requests.set(key, { labels: { ...labels, status }, count: 1 });
      durations.record(seconds, labels);
    },
    count({ name, description }, labels, amount = 1) {
      const counter = counters.get(name) ?? meter.createCounter(name, { description });
      counters.set(name, counter);
      counter.add(amount, kept(labels));
    },
    record({ name, description, bounds }, labels, value) {
      let distribution = distributions.get(name);
      if (!distribution) {
        distribution = meter.createHistogram(name, { description, advice: { explicitBucketBoundaries: bounds } });
        distributions.set(name, distribution);
      }
      distribution.record(value, kept(labels));
    },
    job: (queue, outcome, seconds) => jobs.record(seconds, { queue, outcome }),
    gauge(name, description, read, labels) {
      const instrument = meter.createObservableGauge(name, { description });
      instrument.addCallback(async (result) => result.observe(await read(), labels));
    },
    total(name, description, read, labels) {
      const instrument = meter.createObservableCounter(name, { description });
      instrument.addCallback((result) => result.observe(read(), labels));
    },
    sharedGauges(name, description, read) {
      meter.createObservableGauge(name, { description }).addCallback(async (result) => {
        for (const { labels, value } of await read()) result.observe(value, labels);
      });
      shared.push(name);
    },
    async expose() {
      const { resourceMetrics } = await reader.collect();
      const marks = shared.map((name) => `${SHARED_MARK} ${name}\n`);
      return [serializer.serialize(resourceMetrics), ...marks].join('');
    },
    close: () => provider.shutdown(),
  };
}

const silent: Metrics = {
  request() {},
  count() {},
  record() {},
  job() {},
  gauge() {},
  total() {},
  sharedGauges() {},
  expose: async () => '',
  close: async () => {},
};
