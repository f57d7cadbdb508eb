import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** The instruments every process shares. Labels never carry a raw path, an address or a person. */
export interface Metrics {
  /** @param endpoint the route's pattern, `/api/documents/{id}` */
  request(method: string, endpoint: string, status: number, seconds: number): void;
  job(queue: string, outcome: 'completed' | 'failed', seconds: number): void;
  /** Adds to a counter of a module, which is made when it first counts. */
  count(counter: Counter, labels: Record<string, string>, amount?: number): void;
  /** A value that is read when somebody asks. */
  gauge(name: string, description: string, read: () => number | Promise<number>): void;
  /** Prometheus text; empty when metrics are off. */
  expose(): Promise<string>;
  close(): Promise<void>;
}

export interface Counter {
  name: string;
  description: string;
}

/** Bounds in seconds: fine around the promised 200 ms, wide enough for model answers. */
const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 5, 10, 30, 60, 180];

export function createMetrics({ enabled }: { enabled: boolean }): Metrics {
  if (!enabled) return silent;
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter('pandect');
  const requests = meter.createCounter('http_requests_total', { description: 'Requests answered' });
  const durations = meter.createHistogram('http_request_duration_seconds', {
    description: 'Time from the request to its answer; to the beginning of one that is streamed',
    advice: { explicitBucketBoundaries: durationBounds },
  });
  const jobs = meter.createHistogram('job_duration_seconds', {
    description: 'Time a job was worked on',
    advice: { explicitBucketBoundaries: durationBounds },
  });
  const counters = new Map<string, ReturnType<typeof meter.createCounter>>();
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

  return {
    request(method, endpoint, status, seconds) {
      requests.add(1, { method, endpoint, status });
      durations.record(seconds, { method, endpoint });
    },
    count({ name, description }, labels, amount = 1) {
      const counter = counters.get(name) ?? meter.createCounter(name, { description });
      counters.set(name, counter);
      counter.add(amount, labels);
    },
    job: (queue, outcome, seconds) => jobs.record(seconds, { queue, outcome }),
    gauge(name, description, read) {
      meter.createObservableGauge(name, { description }).addCallback(async (result) => result.observe(await read()));
    },
    async expose() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}

const silent: Metrics = {
  request() {},
  count() {},
  job() {},
  gauge() {},
  expose: async () => '',
  close: async () => {},
};
