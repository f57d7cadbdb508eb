import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  eventStream,
  startUpstreamServer,
  type UpstreamScript,
  type UpstreamServer,
} from '../../testing/upstream-server.ts';
import type { Dialect, Json, Wire } from '../dialects/contract.ts';
import { chatDialect } from '../dialects/index.ts';
import type { Adapter, Provider, ProviderKey } from '../providers/adapter.ts';
import { createOpenAiAdapter } from '../providers/openai/adapter.ts';
import { type CircuitBreaker, createCircuitBreaker } from '../upstream/circuit-breaker.ts';
import { createTransport, type Transport } from '../upstream/transport.ts';
import type { TurnEnd, UpstreamState } from '../upstream/upstream-state.ts';
import type { AskedChat, AttemptReport, BegunAnswer, Exchange, WholeAnswer } from './contract.ts';
import { createExchange, type ExchangeOptions } from './create-exchange.ts';
import type { Route, Target } from './route.ts';

/** Breakers and keys of one process, and a record of how turns ended. */
export function createMemoryState(limits: { failures?: number; resetMs?: number } = {}) {
  const breakers = new Map<string, CircuitBreaker>();
  const away = new Map<string, number>();
  const busy = new Map<string, number>();
  const ends: ({ target: string; key: string } & TurnEnd)[] = [];
  const state: UpstreamState = {
    async begin({ target, keys }) {
      const breaker = breakers.get(target) ?? createCircuitBreaker(limits);
      breakers.set(target, breaker);
      const now = performance.now();
      const awake = keys.filter(({ id }) => (away.get(`${id} ${target}`) ?? 0) <= now && (away.get(id) ?? 0) <= now);
      if (awake.length === 0) return { reason: 'resting', retryAfterMs: 2_500 };
      const key = awake.find(({ id, concurrency }) => (busy.get(id) ?? 0) < (concurrency ?? 1_000));
      if (!key) return { reason: 'full', retryAfterMs: 100 };
      const settle = breaker.begin();
      if (!settle) return { reason: 'open', retryAfterMs: 7_200 };
      busy.set(key.id, (busy.get(key.id) ?? 0) + 1);
      return {
        key,
        isProbe: false,
        end(how) {
          ends.push({ target, key: key.id, ...how });
          busy.set(key.id, (busy.get(key.id) ?? 0) - 1);
          settle(how.outcome);
          if (how.cooldownMs) away.set(`${key.id} ${target}`, performance.now() + how.cooldownMs);
          if (how.park) away.set(key.id, performance.now() + 600_000);
        },
      };
    },
    list: async () => [],
    set: async () => {},
  };
  return { state, ends, inUse: () => [...busy.values()].reduce((sum, count) => sum + count, 0) };
}

export const keys = (...ids: string[]): ProviderKey[] => ids.map((id) => ({ id, secret: `sk-${id}`, weight: 1 }));

const timeouts = { connectMs: 1_000, firstMs: 5_000, idleMs: 5_000, totalMs: 60_000 };

export function targetAt(
  server: { baseUrl: string },
  options: { name?: string; keys?: ProviderKey[]; timeouts?: Partial<Provider['timeouts']>; can?: Target['can'] } = {},
): Target {
  const { name = 'main', can = ['chat', 'tools', 'json', 'embeddings', 'speech', 'transcription', 'images'] } = options;
  const provider: Provider = {
    name: `provider-${name}`,
    kind: 'openai',
    baseUrl: server.baseUrl,
    keys: options.keys ?? keys('k1'),
    timeouts: { ...timeouts, ...options.timeouts },
    options: {},
  };
  return { name, provider, model: `model-${name}`, can, price: name };
}

export const routeTo = (targets: readonly Target[], retry: Partial<Route['retry']> = {}): Route => ({
  name: 'default',
  strategy: 'order',
  targets: targets.map((target) => ({ target, weight: 1 })),
  retry: {
    attempts: 3,
    budgetMs: 20_000,
    on: ['connect', 'timeout', '429', '5xx', 'overloaded'],
    ...retry,
  },
  drop: false,
  cacheSeconds: 0,
});

/** A caller's format that no upstream has, so that every stream is translated. */
export const otherDialect: Dialect = { ...chatDialect, name: 'messages' };

export interface World {
  exchange: Exchange;
  transport: Transport;
  reports: AttemptReport[];
  memory: ReturnType<typeof createMemoryState>;
  servers: UpstreamServer[];
  targets: Target[];
  ask(asked?: Partial<AskedChat>): Promise<WholeAnswer | BegunAnswer>;
  close(): Promise<void>;
}

/** An exchange with a target at a server for each script. */
export async function createWorld(
  scripts: readonly UpstreamScript[],
  options: Partial<ExchangeOptions> & {
    target?: Parameters<typeof targetAt>[1];
    wires?: readonly Wire[];
    adapter?: Partial<Adapter>;
    breaker?: { failures?: number; resetMs?: number };
  } = {},
): Promise<World> {
  const { target, wires = [chatDialect], adapter, breaker, ...others } = options;
  const servers = await Promise.all(scripts.map((script) => startUpstreamServer(script)));
  const targets = servers.map((server, index) => targetAt(server, { name: `t${index + 1}`, ...target }));
  const transport = createTransport({ allowedHosts: ['127.0.0.1'] });
  const memory = createMemoryState(breaker);
  const openAi = { ...createOpenAiAdapter(wires), ...adapter };
  const exchange = createExchange({
    state: memory.state,
    adapterOf: async () => openAi,
    transport,
    limits: { responseBytes: 2_097_152 },
    ...others,
  });
  const reports: AttemptReport[] = [];
  return {
    exchange,
    transport,
    reports,
    memory,
    servers,
    targets,
    ask: (asked = {}) =>
      exchange.chat({
        route: routeTo(targets),
        targets,
        signal: new AbortController().signal,
        onAttempt: (report) => reports.push(report),
        dialect: chatDialect,
        body: bodyOf(asked.stream ?? true),
        stream: true,
        includeUsage: true,
        model: 'default',
        requestId: 'req-1',
        ...asked,
      }),
    async close() {
      transport.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

export const bodyOf = (stream: boolean): Json => ({
  model: 'default',
  stream,
  messages: [{ role: 'user', content: 'Hello' }],
});

/** The whole text of an answer. */
export const textOf = async (answer: WholeAnswer | BegunAnswer): Promise<string> =>
  answer.kind === 'whole' ? answer.body.toString() : text(answer.bytes);

/** Answers each request with the same stream, cut at the next of its bytes; over the network. */
export function cutInTurn(stream: string): UpstreamScript {
  const cut = cutter(stream);
  return () => eventStream(...cut());
}

/** The same without a server, which is faster. */
export function answerCutInTurn(stream: string): Pick<Required<Adapter>, 'answer'> {
  const cut = cutter(stream);
  const headers = { 'content-type': 'text/event-stream' };
  return { answer: async () => ({ status: 200, headers, body: Readable.from(cut()) }) };
}

function cutter(stream: string): () => [Buffer, Buffer] {
  const bytes = Buffer.from(stream);
  let place = 0;
  return () => {
    place += 1;
    return [bytes.subarray(0, place), bytes.subarray(place)];
  };
}

/** Asks once for each place at which a stream can be cut, some at the same time. @returns the answers */
export async function askAtEachCut(world: World, stream: string, asked: Partial<AskedChat> = {}): Promise<string[]> {
  const answers: string[] = [];
  const places = Buffer.byteLength(stream) - 1;
  const askInTurn = async (first: number) => {
    for (let place = first; place < places; place += 8) answers.push(await textOf(await world.ask(asked)));
  };
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(askInTurn));
  return answers;
}
