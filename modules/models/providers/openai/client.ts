import OpenAI, { NotFoundError } from 'openai';
import { checkOutbound, createOutboundFetch } from '../../../../platform/capabilities/outbound/index.ts';
import type { Reachable } from '../../embedder.ts';
import { createCircuitBreaker } from '../../upstream/circuit-breaker.ts';
import { openCall, type UpstreamCall } from '../../upstream/upstream-call.ts';
import { createWatchdog } from '../../upstream/watchdog.ts';
import { toAiFailure } from './openai-failure.ts';

/** Where an API that speaks OpenAI's protocol is, and how long to wait for it. */
export interface OpenAiEndpoint {
  /** Undefined for servers that want none. */
  apiKey: string | undefined;
  /** Up to and including the version, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Longest wait for the first event of an answer, its retry included, and for one batch of embeddings. */
  timeoutMs: number;
  /** Hosts that may be called, as `host` or `host:port`. */
  allowedHosts: readonly string[];
  internalHosts?: readonly string[];
  /** Milliseconds since any fixed point, for the circuit breaker. */
  now?: () => number;
}

export interface OpenAiClient extends Reachable {
  readonly api: OpenAI;
  /** @throws AiFailure `unreachable` while the breaker lets no call through */
  open(action: string, totalMs: number, caller: AbortSignal | undefined): UpstreamCall;
}

const checkTimeoutMs = 5_000;

/** @throws Error when the host of `baseUrl` is not allowed */
export function connectOpenAi(endpoint: OpenAiEndpoint): OpenAiClient {
  const { apiKey, baseUrl, allowedHosts, timeoutMs } = endpoint;
  checkOutbound(baseUrl, allowedHosts);
  const { host } = new URL(baseUrl);
  const breaker = createCircuitBreaker(endpoint.now ? { now: endpoint.now } : {});
  const api = new OpenAI({
    apiKey: apiKey ?? 'none',
    ...(apiKey === undefined && { defaultHeaders: { authorization: null } }),
    baseURL: baseUrl,
    // The library would otherwise read these from the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    logLevel: 'off',
    timeout: timeoutMs,
    maxRetries: 1,
    fetch: withoutLongRetries(createOutboundFetch(allowedHosts, endpoint)),
  });
  return {
    api,
    open: (action, totalMs, caller) =>
      openCall({ action: `${action} at "${host}"`, breaker, totalMs, caller, toFailure: toAiFailure }),

    async check(signal) {
      const watchdog = createWatchdog({ caller: signal, totalMs: Math.min(checkTimeoutMs, timeoutMs) });
      try {
        await api.models.list({ signal: watchdog.signal, maxRetries: 0 });
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

/** The library sleeps as long as `Retry-After` says, up to a minute; a person does not wait that long for a second try. */
function withoutLongRetries(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    const seconds = Number(response.headers.get('retry-after') ?? 0);
    if (response.ok || seconds <= 2) return response;
    const headers = new Headers(response.headers);
    headers.set('x-should-retry', 'false');
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  };
}
