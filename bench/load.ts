import autocannon from 'autocannon';

export interface LoadOptions {
  url: string;
  socketPath?: string;
  connections: number;
  /** Seconds, or how many requests. */
  seconds?: number;
  amount?: number;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  json?: unknown;
}

export interface LoadResult {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** @throws when an answer is missing or is not 2xx: figures of refusals would mean nothing */
export async function load({ seconds, amount, json, headers = {}, ...options }: LoadOptions): Promise<LoadResult> {
  const started = performance.now();
  const result = await autocannon({
    ...options,
    headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(amount === undefined ? { duration: seconds ?? 3 } : { amount }),
  });
  const bad = result.errors + result.timeouts + result.non2xx;
  if (bad > 0) {
    throw new Error(
      `Load "${options.url}": ${bad} of ${result.requests.total} failed: ${JSON.stringify(result.statusCodeStats)}`,
    );
  }
  const took = amount === undefined ? result.duration : (performance.now() - started) / 1000;
  return {
    requests: result.requests.total,
    perSecond: result.requests.total / took,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}
