import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Json, TokenCount, Wire } from '../dialects/contract.ts';

/** Kinds of upstreams; `openai` is any server that speaks OpenAI's protocol. */
export const providerKinds = ['openai', 'azure', 'anthropic', 'gigachat', 'yandex', 'cohere', 'local'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** What is asked of an upstream besides conversations. */
export type Operation = 'chat' | 'embeddings' | 'count-tokens' | 'speech' | 'transcription' | 'images' | 'rerank';

export interface UpstreamRequest {
  method: 'GET' | 'POST';
  /** Absolute; its host is the provider's or one that the provider's documentation names. */
  url: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export interface UpstreamResponse {
  status: number;
  headers: IncomingHttpHeaders;
  /** Decoded, see `content-encoding`. Destroying it closes the connection. */
  body: Readable;
}

/** A secret of a provider, and what may be asked with it. */
export interface ProviderKey {
  /** Names it in states, metrics and messages; says nothing of the secret. */
  id: string;
  secret: string;
  weight: number;
  /** Calls at the same time over all processes; any number unless given. */
  concurrency?: number;
  /** Calls a minute over all processes. */
  rpm?: number;
}

/** A provider as configured. */
export interface Provider {
  name: string;
  kind: ProviderKind;
  /** Without a slash at its end, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  keys: readonly ProviderKey[];
  /** PEM file of the authorities that may sign its certificate, in place of the usual ones. */
  caPath?: string;
  timeouts: { connectMs: number; firstMs: number; idleMs: number; totalMs: number };
  /** What only its kind knows: `scope`, `folder`, `apiVersion`, quirks as flags. */
  options: Readonly<Record<string, string | number | boolean>>;
}

/** Why an upstream did not do what it was asked. */
export type FailureReason =
  /** No connection, a status of 5xx, an overload, an answer cut off or unreadable: counts against the upstream. */
  | 'unreachable'
  | 'overloaded'
  | 'broken'
  /** No first token, no next one, or not all of it in time: counts as well. */
  | 'timeout'
  /** Too many requests for this key and model: it is left alone for a while. */
  | 'rate-limited'
  /** The key is refused, has no money left or has reached a cap: it is parked. */
  | 'key-refused'
  /** The request is at fault, or the prompt is too long: no other call is better. Say nothing of the upstream's health. */
  | 'refused'
  | 'too-long'
  /** The caller left. */
  | 'cancelled';

/** What a failed answer means, without a word of the upstream's that may hold secrets or prompts. */
export interface UpstreamFailure {
  reason: FailureReason;
  /** The upstream's status; undefined without an answer. */
  status: number | undefined;
  /** The upstream's code for it, such as `overloaded_error`; only letters, digits and `_-.`, at most 64. */
  code?: string | undefined;
  /** A request parameter that the upstream names as wrong. */
  parameter?: string | undefined;
  /** What the upstream says of a request at fault, redacted and cut; only for reason `refused`. */
  detail?: string | undefined;
  retryAfterMs?: number | undefined;
}

export interface AdapterCall {
  provider: Provider;
  key: ProviderKey;
  /** Name of the model at the provider. */
  model: string;
  /** Aborts when the caller leaves or the time is over. */
  signal: AbortSignal;
  /** Is told of each parameter that the model refuses and that is left out; undefined where nothing may be left out. */
  drop?: ((parameter: string) => void) | undefined;
  /** Another request to the provider that the call needs, such as for a token or an upload; never repeated. */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
}

/** Embeddings as OpenAI's API has them; vectors as numbers. */
export interface EmbeddingsBody {
  input: readonly (string | number[])[];
  dimensions?: number;
  /** Sent on where the upstream knows it. */
  user?: string;
}
export interface EmbeddingsAnswer {
  /** In the order of the input. */
  vectors: number[][];
  usage: TokenCount | undefined;
}

/** One kind of upstream. */
export interface Adapter {
  readonly kind: ProviderKind;
  /** Formats of conversations, the best first. The caller's own is taken if it is here: then bytes pass through. */
  readonly wires: readonly Wire[];
  /**
   * Puts a body, which `wire` has written or the caller has sent in that format, into a request.
   * @throws UpstreamError when another request that the call needs failed
   */
  chat(wire: Wire, body: Json, call: AdapterCall): Promise<UpstreamRequest>;
  embeddings?: {
    write(body: EmbeddingsBody, call: AdapterCall): Promise<UpstreamRequest>;
    read(answer: Json): EmbeddingsAnswer;
  };
  /**
   * Other operations pass through as they are: the request with its body, JSON or multipart, and the model's name set.
   * @throws Problem unsupported-parameter naming an operation that the kind has not
   */
  pass?(operation: Operation, body: Buffer, contentType: string, call: AdapterCall): Promise<UpstreamRequest>;
  /** @param text the beginning of the answer's body, at most 64 KiB */
  failureOf(status: number, headers: IncomingHttpHeaders, text: string): UpstreamFailure;
  /** The failure in an answer whose status was 200, as some servers and proxies send it; undefined for an ordinary answer. */
  failureIn?(answer: Json): UpstreamFailure | undefined;
  /** Renews what the key was exchanged for, after a failure whose code is `token_expired`; once a call, with the same `call`. */
  renew?(call: AdapterCall): Promise<void>;
  /** Answers by itself, without a server. */
  answer?(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamResponse>;
}
