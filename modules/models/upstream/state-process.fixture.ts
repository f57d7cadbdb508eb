import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Redis as Connection } from '../../../platform/capabilities/redis.ts';
import type { LeaseTimes } from './leases.ts';
import { createUpstreamState } from './shared-state.ts';
import type { StateTarget, TurnEnd } from './upstream-state.ts';

interface Settings {
  redisUrl: string;
  prefix: string;
  resetMs: number;
  leases: LeaseTimes;
}
type Order = { id: number } & ({ begin: StateTarget } | { end: number; how: TurnEnd });
/** What a process says of a turn: its number, or why there is none. */
type Told = { turn: number; isProbe: boolean } | { reason: string; retryAfterMs: number };

export interface StateProcess {
  begin(target: StateTarget): Promise<Told>;
  end(turn: number, how: TurnEnd): Promise<unknown>;
  kill(): Promise<void>;
}

/** A connection that waits for answers however busy the machine is. */
export async function patientRedis(url: string): Promise<Connection> {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  redis.on('error', () => {});
  await once(redis, 'ready');
  return redis;
}

/** A process of its own that shares the state of upstreams. */
export async function startStateProcess(settings: Settings): Promise<StateProcess> {
  const child = fork(import.meta.filename, [JSON.stringify(settings)], { execArgv: [] });
  const answers = new Map<number, (answer: Told) => void>();
  child.on('message', ({ id, answer }: { id: number; answer: Told }) => answers.get(id)?.(answer));
  let orders = 0;
  const order = (what: Omit<Order, 'id'>) => {
    const { promise, resolve } = Promise.withResolvers<Told>();
    orders += 1;
    answers.set(orders, resolve);
    child.send({ id: orders, ...what });
    return promise;
  };
  const { promise: ready, resolve } = Promise.withResolvers<Told>();
  answers.set(0, resolve);
  await ready;
  return {
    begin: (target) => order({ begin: target } as Omit<Order, 'id'>),
    end: (turn, how) => order({ end: turn, how } as Omit<Order, 'id'>),
    async kill() {
      const gone = once(child, 'exit');
      if (child.kill('SIGKILL')) await gone;
    },
  };
}

async function serve({ redisUrl, prefix, resetMs, leases }: Settings): Promise<void> {
  const redis = await patientRedis(redisUrl);
  const state = createUpstreamState({ redis, prefix, breaker: { failures: 5, resetMs }, leases });
  const ends: ((how: TurnEnd) => void)[] = [];
  process.on('message', async (order: Order) => {
    const say = (answer: unknown) => process.send?.({ id: order.id, answer });
    if ('end' in order) {
      ends[order.end]?.(order.how);
      await redis.ping(); // it comes after what ended
      return say({});
    }
    const answer = await state.begin(order.begin, { waitMs: 0, signal: new AbortController().signal });
    say('end' in answer ? { turn: ends.push(answer.end) - 1, isProbe: answer.isProbe } : answer);
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ id: 0, answer: {} });
}

if (import.meta.filename === process.argv[1]) await serve(JSON.parse(process.argv[2] ?? '{}'));
