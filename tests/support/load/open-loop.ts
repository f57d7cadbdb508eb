import { Agent, request } from 'node:http';

/** A request that is sent again and again. */
export interface Repeated {
  origin: string;
  path: string;
  /** POST unless told. */
  method?: 'GET' | 'POST';
  /** What its answers are counted as, where there are several. */
  kind?: string;
  headers: Record<string, string>;
  /** Made for each request where no two may be alike. */
  body: Buffer | (() => Buffer);
  /** Straight to a process, not over the network. */
  socketPath?: string | undefined;
  /** What the last bytes of a good answer hold. */
  ending: string;
}

/** One answer; milliseconds from when its request was due. */
export interface TimedAnswer {
  kind?: string | undefined;
  first: number;
  whole: number;
}

export interface LoopResult {
  answers: TimedAnswer[];
  failures: string[];
  /** More requests were open than may be, so that no more were sent: there are no latencies to speak of. */
  isOverloaded: boolean;
  seconds: number;
}

interface OpenLoopOptions {
  perSecond: number;
  seconds: number;
  /** A number, default as many as come in a second, ends it; while as many as a function says are open, what would be due is left out. */
  mostOpen?: number | (() => number);
  signal?: AbortSignal;
}

const LONGEST_MS = 30_000;

/** Connections that are kept between loops. */
export const createAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 4_096, maxFreeSockets: 4_096 });

/**
 * Sends so many requests a second, whether or not the ones before were answered: a server that falls behind shows it. Times count from
 * when a request was due, not from when there was time to send it. @param options.signal ends it before its time
 */
export async function openLoop(
  agent: Agent,
  repeated: Repeated | ((count: number) => Repeated),
  { perSecond, seconds, mostOpen = perSecond, signal }: OpenLoopOptions,
): Promise<LoopResult> {
  const result: LoopResult = { answers: [], failures: [], isOverloaded: false, seconds };
  const amount = Math.round(perSecond * seconds);
  const open = new Set<Promise<void>>();
  const isFull = () => typeof mostOpen === 'function' && open.size >= mostOpen();
  let began = performance.now();
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const tick = () => {
    const amountDue = Math.min(amount, 1 + Math.floor(((performance.now() - began) * perSecond) / 1_000));
    for (; count < amountDue && !isFull(); count += 1) {
      const due = began + (count * 1_000) / perSecond;
      const one: Promise<void> = send(
        agent,
        typeof repeated === 'function' ? repeated(count) : repeated,
        due,
        result,
      ).finally(() => open.delete(one));
      open.add(one);
    }
    began += ((amountDue - count) * 1_000) / perSecond;
    result.isOverloaded = typeof mostOpen === 'number' && open.size > mostOpen;
    if (count === amount || result.isOverloaded || signal?.aborted) resolve();
    else setTimeout(tick, 1);
  };
  tick();
  await sent;
  // Those that were cut off would be on no books, or on those of one side alone.
  await Promise.all(open);
  return result;
}

/** Keeps so many requests open at any time. */
export async function closedLoop(
  agent: Agent,
  repeated: Repeated,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<LoopResult> {
  const result: LoopResult = { answers: [], failures: [], isOverloaded: false, seconds };
  const began = performance.now();
  const work = async () => {
    while (performance.now() - began < seconds * 1_000) await send(agent, repeated, performance.now(), result);
  };
  await Promise.all(Array.from({ length: connections }, work));
  result.seconds = (performance.now() - began) / 1_000;
  return result;
}

/** Sends one request and notes how it went; never rejects. */
export function send(agent: Agent, repeated: Repeated, due: number, result: LoopResult): Promise<void> {
  const { origin, path, method = 'POST', kind, headers, socketPath, ending } = repeated;
  const body = typeof repeated.body === 'function' ? repeated.body() : repeated.body;
  return new Promise((resolve) => {
    const fail = (why: string) => {
      result.failures.push(why);
      resolve();
    };
    const sent = request(
      new URL(path, origin),
      {
        agent,
        method,
        headers: { ...headers, ...(method === 'POST' && { 'content-length': body.length }) },
        ...(socketPath && { socketPath }),
      },
      (response) => {
        let first = 0;
        let tail = '';
        response.on('data', (part: Buffer) => {
          first ||= performance.now();
          tail = (tail + part.toString('latin1', Math.max(0, part.length - 64))).slice(-64);
        });
        response.on('error', () => fail('connection'));
        response.on('end', () => {
          const isGood = response.statusCode === 200 && tail.includes(ending);
          if (!isGood) return fail(response.statusCode === 200 ? 'cut off' : `status ${response.statusCode}`);
          result.answers.push({ kind, first: first - due, whole: performance.now() - due });
          resolve();
        });
      },
    );
    sent.setTimeout(LONGEST_MS, () => sent.destroy());
    sent.on('error', () => fail('connection'));
    sent.end(body);
  });
}

export function describeFailures(failures: readonly string[]): string {
  const counts = Map.groupBy(failures, (why) => why);
  return [...counts].map(([why, each]) => `${each.length} × ${why}`).join(', ');
}
