import type { ChatCall } from '../../models/index.ts';
import type { ReadQuestion } from '../question/index.ts';

/** A numbered piece of a document that an answer may rest on. Numbers start at 1. */
export interface NumberedPassage {
  number: number;
  title: string;
  /** Headings above the passage, such as «Глава 2. Плата › Статья 10», if it has any. */
  heading?: string;
  text: string;
}

export interface AnswerRequest {
  question: ReadQuestion;
  passages: readonly NumberedPassage[];
  /** Words of the question that only say which document is meant. */
  naming?: string;
  /** Model name at the provider. */
  model: string;
  maxTokens: number;
}

export interface Answerer {
  /**
   * Whom to ask for an answer, and what. The text that comes carries markers such as `[2]` behind each statement, naming the
   * passage it rests on. One without a marker is a refusal.
   */
  prepare(request: AnswerRequest): ChatCall;
}
