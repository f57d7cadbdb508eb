import { PublicFailure } from '../../platform/kernel/problem.ts';
/** A numbered piece of a document that an answer may rest on. Numbers start at 1. */
export interface NumberedPassage {
  number: number;
  title: string;
  /** Headings above the passage, such as «Глава 2. Плата › Статья 10», if it has any. */
  heading?: string;
  text: string;
}

export interface Turn {
  role: 'user' | 'assistant';
  content: string;
}

export interface AnswerRequest {
  question: string;
  passages: readonly NumberedPassage[];
  /** Words of the question that only say which document is meant. */
  naming?: string;
  /** Earlier turns of the conversation, oldest first. */
  history: readonly Turn[];
  /** Language to answer in. */
  language: 'en' | 'ru';
  /** Model name at the provider. */
  model: string;
  maxTokens: number;
  signal?: AbortSignal;
}

export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
  /** Part of `promptTokens` that the provider had cached. */
  cachedTokens: number;
}

/**
 * A piece of an answer, or the count at its end. Text carries markers such as `[2]` behind each statement, naming the
 * passage it rests on. An answer without a marker is a refusal.
 */
export type AnswerEvent = { type: 'delta'; text: string } | ({ type: 'usage' } & TokenUsage);

export interface AiProvider {
  readonly name: 'openai' | 'local';
  /** Model and length of the vectors; vectors of different models are never compared. */
  readonly embedding: { model: string; dimensions: number };
  /** Unit vectors, one a text, in order. `query` and `document` may differ in how a model wants them. */
  embed(
    texts: readonly string[],
    kind: 'document' | 'query',
    signal?: AbortSignal,
  ): Promise<{ vectors: Float32Array[]; tokens: number }>;
  /** @throws AiFailure before or between events when the provider cannot go on. */
  answer(request: AnswerRequest): AsyncIterable<AnswerEvent>;
  /** Model name at the provider behind an alias. */
  model(alias: 'standard' | 'advanced'): string;
  /** Rejects when the provider cannot be reached. */
  check(signal?: AbortSignal): Promise<void>;
}

/**
 * The provider did not answer as it should. `reason` is for logs and decides about retries and charges; clients never see it.
 * `withdrawn`: the provider itself reported an error in the middle of its answer, so what it had said is not charged.
 */
export class AiFailure extends PublicFailure {
  readonly problem = 'ai-failed';
  readonly reason: 'timeout' | 'refused' | 'overloaded' | 'broken' | 'withdrawn' | 'unreachable' | 'cancelled';
  constructor(reason: AiFailure['reason'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AiFailure';
    this.reason = reason;
  }
}
