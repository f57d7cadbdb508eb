import { readFileSync } from 'node:fs';
import OpenAI, { NotFoundError } from 'openai';
import {
  checkOutbound,
  createOutboundFetch,
  type OutboundOptions,
} from '../../../../platform/capabilities/outbound/index.ts';
import { createPlaces, OutboundFull, type Place } from '../../../../platform/capabilities/outbound/places.ts';
import { AiFailure } from '../../ai-failure.ts';
import type { Json } from '../../dialects/contract.ts';
import type { Reachable } from '../../embedding/embedder.ts';
import { type Admit, admitHere } from '../../upstream/admission.ts';
import type { BreakerLimits } from '../../upstream/circuit-breaker.ts';
import { openCall, type UpstreamCall } from '../../upstream/upstream-call.ts';
import { createWatchdog } from '../../upstream/watchdog.ts';
import type { UpstreamRequest } from '../adapter.ts';
import { toAiFailure } from './openai-failure.ts';

/** Where an API that speaks OpenAI's protocol is, and how long to wait for it. */
export interface OpenAiEndpoint extends Pick<OutboundOptions, 'internalHosts' | 'resolve' | 'places'> {
  /** Undefined for servers that want none. */
  apiKey: string | undefined;
  /** Up to and including the version, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Longest wait for the first event of an answer, and for one batch of embeddings, its second try included. */
  timeoutMs: number;
  /** Hosts that may be called, as `host` or `host:port`. */
  allowedHosts: readonly string[];
  /** PEM file of the authorities that may sign the server's certificate, in place of the usual ones. */
  caPath?: string | undefined;
  /** Calls of the server at the same time, from this process; default: as many as there are places. */
  concurrency?: number | undefined;
  /** Lets calls through in place of breakers of this process. */
  admit?: Admit | undefined;
  /** Of each model; default: five failures in a row, 30 seconds. */
  breaker?: BreakerLimits | undefined;
  /** Longest wait for a connection; default: 10 seconds. */
  connectMs?: number | undefined;
  /** Makes of a body the request that the provider wants, whose address, key and names of models are its own. */
  rewrite?: Rewrite | undefined;
  /** Milliseconds since any fixed point, for the circuit breaker. */
  now?: () => number;
}

export type Rewrite = (body: Json, signal: AbortSignal) => Promise<UpstreamRequest>;

export interface OpenAiCall extends UpstreamCall {
  readonly api: OpenAI;
}

export interface CallToOpen {
  /** What is tried, for messages. */
  action: string;
  /** Each model has a circuit breaker. */
  model: string;
  totalMs: number;
  caller: AbortSignal | undefined;
}

export interface OpenAiClient extends Reachable {
  /**
   * @throws AiFailure `unreachable` while the model's breaker lets no call through, `overloaded` when too many calls of the server
   *   are in progress
   */
  open(call: CallToOpen): Promise<OpenAiCall>;
}

const checkTimeoutMs = 5_000;
const CONNECT_MS = 10_000;
/** Places of calls of one server that has none of the process, and how long one is waited for. */
/** Places are the limit. */
const MOST_CONNECTIONS = 10_000;
const pool = { most: 100, kept: 50, waitMs: 5_000 };

/** @throws Error when the host of `baseUrl` is not allowed */
export function connectOpenAi(endpoint: OpenAiEndpoint): OpenAiClient {
  const { apiKey, baseUrl, allowedHosts, timeoutMs, rewrite, connectMs = CONNECT_MS } = endpoint;
  checkOutbound(baseUrl, allowedHosts);
  const { host } = new URL(baseUrl);
  const admit = endpoint.admit ?? admitHere(endpoint.breaker, endpoint.now);
  const ca = endpoint.caPath === undefined ? undefined : readFileSync(endpoint.caPath, 'utf8');
  const { concurrency, ...outbound } = { ...endpoint, places: undefined };
  const places = endpoint.places ?? createPlaces(pool);
  const ofServer = concurrency === undefined ? undefined : createPlaces({ ...pool, most: concurrency });
  const takeBoth = async (signal: AbortSignal): Promise<Place> => {
    const own = await ofServer?.take(signal);
    try {
      const { isKept, release } = await places.take(signal);
      return {
        isKept,
        release() {
          release();
          own?.release();
        },
      };
    } catch (error) {
      own?.release();
      throw error;
    }
  };
  const apiOver = (isKept: boolean) => {
    const connections = { connectMs, ca, most: MOST_CONNECTIONS, isKept };
    return new OpenAI({
      apiKey: apiKey ?? 'none',
      ...(apiKey === undefined && { defaultHeaders: { authorization: null } }),
      baseURL: baseUrl,
      // The library would otherwise read these from the environment.
      organization: null,
      project: null,
      adminAPIKey: null,
      logLevel: 'off',
      timeout: timeoutMs,
      // Who calls decides about a second try: each has a row in the books.
      maxRetries: 0,
      fetch: rewriting(createOutboundFetch(allowedHosts, { ...outbound, connections }), rewrite),
    });
  };
  const [kept, other] = [apiOver(true), apiOver(false)];
  return {
    async open({ action, model, ...times }) {
      const settle = admit(model);
      const call = openCall({ action: `${action} at "${host}"`, settle, ...times, toFailure: toAiFailure });
      try {
        const place = await takeBoth(call.watchdog.signal);
        const close = () => {
          call.close();
          place.release();
        };
        return { ...call, api: place.isKept ? kept : other, close };
      } catch (error) {
        // That there is no room here says nothing of the server.
        call.close();
        const verdict = call.watchdog.verdict();
        if (verdict || !(error instanceof OutboundFull)) throw toAiFailure(error, verdict, action);
        throw new AiFailure('overloaded', error.message, { upstream: 'not-asked' });
      }
    },

    async check(signal) {
      const watchdog = createWatchdog({ caller: signal, totalMs: Math.min(checkTimeoutMs, timeoutMs) });
      try {
        await kept.models.list({ signal: watchdog.signal });
      } catch (error) {
        // Some servers list no models, such as those that only embed.
        if (error instanceof NotFoundError) return;
        throw toAiFailure(error, watchdog.verdict(), `Check "${host}"`);
      } finally {
        watchdog.close();
      }
    },
  };
}

function rewriting(fetch: typeof globalThis.fetch, rewrite: Rewrite | undefined): typeof globalThis.fetch {
  if (!rewrite) return fetch;
  return async (input, init) => {
    if (typeof init?.body !== 'string') return fetch(input, init);
    const signal = init.signal ?? new AbortController().signal;
    const { url, headers, body } = await rewrite(JSON.parse(init.body) as Json, signal);
    return fetch(url, { ...init, headers, body: String(body) });
  };
}
