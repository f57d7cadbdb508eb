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
  /** @throws AiFailure before or between events when the provider cannot go on. */
  answer(request: AnswerRequest): AsyncIterable<AnswerEvent>;
  /** Model name at the provider behind an alias. */
  model(alias: 'standard' | 'advanced'): string;
}
