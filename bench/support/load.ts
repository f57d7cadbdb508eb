import { Agent, request } from 'node:http';
import autocannon from 'autocannon';

export interface LoadOptions {
  url: string;
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

/** What is asked. */
export type Call = Pick<LoadOptions, 'url' | 'method' | 'headers' | 'json'>;

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
  if (bad > 0 || result.requests.total === 0) {
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

/**
 * So many requests straight to a process, over connections that it may close behind an answer, which autocannon would count
 * as errors. @throws when an answer is not 2xx
 */
export async function askMany(
  socketPath: string,
  { url, method = 'GET', headers = {}, json }: Call,
  { connections, amount }: { connections: number; amount: number },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const body = json === undefined ? undefined : JSON.stringify(json);
  const once = () =>
    new Promise<void>((resolve, reject) => {
      const type = body !== undefined && { 'content-type': 'application/json' };
      const sent = request(url, { agent, socketPath, method, headers: { ...headers, ...type } }, (response) => {
        const { statusCode = 0 } = response.resume();
        if (statusCode >= 200 && statusCode < 300) response.once('end', resolve).once('error', reject);
        else reject(new Error(`Ask "${url}": ${statusCode}`));
      });
      sent.once('error', reject).end(body);
    });
  let left = amount;
  const inTurn = async () => {
    while (left-- > 0) await once();
  };
  await Promise.all(Array.from({ length: connections }, inTurn)).finally(() => agent.destroy());
}
