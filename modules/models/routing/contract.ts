import type { Readable } from 'node:stream';
import type { Dialect, Json, TokenCount } from '../dialects/contract.ts';
import type { EmbeddingsAnswer, EmbeddingsBody, FailureReason, Operation } from '../providers/adapter.ts';
import type { Route, Target } from './route.ts';

/** What an upstream counted of a call: tokens, and what else operations besides conversations are billed by. */
export interface UsageCount extends TokenCount {
  /** Pictures that came. */
  images?: number;
  /** Of sound. */
  seconds?: number;
  /** Searches of a rerank. */
  requests?: number;
}

/** One call of an upstream as it ended, for the books. */
export interface AttemptReport {
  /** From 1. */
  attempt: number;
  target: Target;
  outcome: 'done' | 'broken' | 'failed';
  usage: UsageCount | undefined;
  /** Of what was put out, where the upstream counted nothing: characters of text, reasoning and tool calls. */
  characters: number;
  status: number | undefined;
  /** Milliseconds to the first content. */
  firstMs: number | undefined;
  ms: number;
  /** Why it failed or broke off. */
  reason?: FailureReason | undefined;
  /** Names the upstream's code, such as `overloaded_error`. */
  code?: string | undefined;
  /** Events of a stream that had content; 0 of a whole answer. */
  chunks: number;
  /** Events of a stream that were passed on although they cannot be read. */
  malformed: number;
  /** What the upstream says of its answer, see `answerFacts`. */
  model?: string | undefined;
  finishReasons?: readonly string[] | undefined;
}

export interface Asked {
  route: Route;
  /** Those of the route that may be asked, in order. */
  targets: readonly Target[];
  /** Aborts when the caller leaves. */
  signal: AbortSignal;
  /** Is told of each attempt as it ends, the last one included. */
  onAttempt(report: AttemptReport): void;
  /** Names that were left out for the target, where the route drops. */
  onDrop?(parameter: string): void;
}

export interface AskedChat extends Asked {
  dialect: Dialect;
  /** As the caller sent it; `model` is replaced by the target's. */
  body: Json;
  stream: boolean;
  /** Whether the caller wants a count in the stream; the gateway asks the upstream for it anyway. */
  includeUsage: boolean;
  /** As the caller named it, for answers that are translated. */
  model: string;
  requestId: string;
  /** Of the caller, by names in lower case, that go on to upstreams which know them. */
  headers?: Readonly<Record<string, string>>;
}

/** An answer that is whole. */
export interface WholeAnswer {
  kind: 'whole';
  target: Target;
  status: number;
  contentType: string;
  body: Buffer;
}

/** An answer whose status is certain: what fails from here on is written into it. */
export interface BegunAnswer {
  kind: 'begun';
  /** The one that is asked at the moment: until the first content, another may still follow. */
  readonly target: Target;
  contentType: string;
  /**
   * In the caller's dialect. A failure in the middle is written into it as the dialect's error event, after which it ends without
   * an end in good order. Destroying it closes the upstream's connection. The last `onAttempt` comes before its end.
   */
  bytes: Readable;
  /** Resolves when the last attempt was reported, however the answer ended; never rejects. */
  over: Promise<void>;
}

/**
 * Puts requests to the targets of a route: one after another until one has begun to answer, never the same twice, within the attempts and
 * the time of the route.
 */
export interface Exchange {
  /**
   * Resolves at the first content, or at the whole answer, or after 10 s of a stream's silence, from when on signs of life are sent.
   * @throws Problem upstream-failed, upstream-timeout, upstream-overloaded, upstream-rate-limited, all-targets-away, unsupported-parameter,
   *   invalid-upstream-answer, response-too-large, upstream-refused
   */
  chat(asked: AskedChat): Promise<WholeAnswer | BegunAnswer>;
  /** @throws Problem the same */
  embeddings(asked: Asked & { body: EmbeddingsBody }): Promise<EmbeddingsAnswer & { target: Target }>;
  /** Other operations, whose requests and answers pass as they are. @throws Problem the same */
  pass(asked: Asked & { operation: Operation; body: Buffer; contentType: string }): Promise<WholeAnswer | BegunAnswer>;
}
