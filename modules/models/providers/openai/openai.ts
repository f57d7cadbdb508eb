import OpenAI from 'openai';
import { checkOutbound, createOutboundFetch } from '../../../../platform/capabilities/outbound/index.ts';
import { AiFailure, type AiProvider } from '../../contract.ts';
import { estimateTokens } from '../../estimate-tokens.ts';
import { toUnitVector } from '../../unit-vector.ts';
import { createCircuitBreaker } from '../../upstream/circuit-breaker.ts';
import { openCall } from '../../upstream/upstream-call.ts';
import { createWatchdog } from '../../upstream/watchdog.ts';
import { chatBody, readAnswer } from './openai-chat.ts';
import { toAiFailure } from './openai-failure.ts';

export interface OpenAiSettings {
  apiKey: string;
  /** Up to and including the version, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  models: { standard: string; advanced: string };
  embeddingModel: string;
  /** Length that vectors must have. */
  dimensions: number;
  /** Longest wait for the first event of an answer, its retry included, and for one batch of embeddings. */
  timeoutMs: number;
  /** Hosts that may be called, as `host` or `host:port`. */
  allowedHosts: readonly string[];
  internalHosts?: readonly string[];
  /** Longest wait between two events of an answer; default: `timeoutMs`, at most 30 seconds. */
  idleTimeoutMs?: number;
  /** Milliseconds since any fixed point, for the circuit breaker. */
  now?: () => number;
}

const textsPerBatch = 128;
const checkTimeoutMs = 5_000;
/** An answer may take this many times `timeoutMs` in all. */
const answerTimeouts = 5;

/**
 * Answers and embeddings from any API that speaks OpenAI's protocol. A call is tried twice at most, and only before its
 * first event; after five failures in a row calls fail at once for 30 seconds.
 * @throws Error when the host of `baseUrl` is not allowed
 */
export function createOpenAiProvider(settings: OpenAiSettings): AiProvider {
  checkOutbound(settings.baseUrl, settings.allowedHosts);
  const { dimensions, embeddingModel, timeoutMs } = settings;
  const { host } = new URL(settings.baseUrl);
  const breaker = createCircuitBreaker(settings.now ? { now: settings.now } : {});
  const client = new OpenAI({
    apiKey: settings.apiKey,
    baseURL: settings.baseUrl,
    // The library would otherwise read these from the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    logLevel: 'off',
    timeout: timeoutMs,
    maxRetries: 1,
    fetch: withoutLongRetries(createOutboundFetch(settings.allowedHosts, settings)),
  });

  const open = (action: string, totalMs: number, caller: AbortSignal | undefined) =>
    openCall({ action: `${action} at "${host}"`, breaker, totalMs, caller, toFailure: toAiFailure });

  async function embedBatch(texts: readonly string[], signal: AbortSignal | undefined) {
    const call = open(`Embed ${texts.length} texts`, timeoutMs, signal);
    try {
      const response = await client.embeddings.create(
        {
          model: embeddingModel,
          // The API rejects empty strings.
          input: texts.map((text) => text || ' '),
          encoding_format: 'float',
          ...(embeddingModel.startsWith('text-embedding-3') && { dimensions }),
        },
        { signal: call.watchdog.signal },
      );
      const vectors = readVectors(response, texts.length, dimensions);
      call.succeed();
      const estimate = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
      return { vectors, tokens: response.usage?.total_tokens ?? estimate };
    } catch (error) {
      throw call.fail(error);
    } finally {
      call.close();
    }
  }

  return {
    name: 'openai',
    embedding: { model: embeddingModel, dimensions },
    model: (alias) => settings.models[alias],

    async embed(texts, _kind, signal) {
      const vectors: Float32Array[] = [];
      let tokens = 0;
      for (let start = 0; start < texts.length; start += textsPerBatch) {
        const batch = await embedBatch(texts.slice(start, start + textsPerBatch), signal);
        vectors.push(...batch.vectors);
        tokens += batch.tokens;
      }
      return { vectors, tokens };
    },

    async *answer(request) {
      const call = open(`Ask model "${request.model}"`, timeoutMs * answerTimeouts, request.signal);
      try {
        call.watchdog.arm(timeoutMs);
        const stream = await client.chat.completions.create(chatBody(request), { signal: call.watchdog.signal });
        yield* readAnswer(stream, request, call.watchdog, settings.idleTimeoutMs ?? Math.min(timeoutMs, 30_000));
        call.succeed();
      } catch (error) {
        throw call.fail(error);
      } finally {
        call.close();
      }
    },

    async check(signal) {
      const watchdog = createWatchdog({ caller: signal, totalMs: Math.min(checkTimeoutMs, timeoutMs) });
      try {
        await client.models.list({ signal: watchdog.signal, maxRetries: 0 });
      } catch (error) {
        throw toAiFailure(error, watchdog.verdict(), `Check "${host}"`);
      } finally {
        watchdog.close();
      }
    },
  };
}

/** Unit vectors in the order of the texts, whatever order the server sent them in. */
function readVectors(response: OpenAI.CreateEmbeddingResponse, count: number, dimensions: number): Float32Array[] {
  const items = Array.isArray(response.data) ? response.data : [];
  const vectors = new Map(items.map((item, position) => [item.index ?? position, toUnitVector(item.embedding)]));
  return Array.from({ length: count }, (_, index) => {
    const vector = vectors.get(index);
    if (vector?.length === dimensions) return vector;
    const found = vector ? `${vector.length} numbers instead of ${dimensions}` : 'missing or zero';
    throw new AiFailure('broken', `Read embedding ${index + 1} of ${count}: ${found}`);
  });
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
