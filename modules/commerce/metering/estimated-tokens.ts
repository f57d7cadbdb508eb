/** What is known of a request's tokens before it is sent. */
export interface TokenRequest {
  /** The caller's own words; these alone may not be more than the plan's tokens for a question. */
  questionTokens: number;
  /** All that is sent with them: rules, earlier turns, passages. */
  contextTokens: number;
  /** Each limit that was given for the answer; they may contradict each other, or there is none. */
  maxTokens: readonly (number | undefined)[];
}

/**
 * What to reserve: the whole prompt, and for the answer the largest limit that was given; without one, null, for which
 * the admission takes what the plan allows for a question.
 */
export function estimateRequest({ questionTokens, contextTokens, maxTokens }: TokenRequest): {
  question: number;
  prompt: number;
  completion: number | null;
} {
  const given = maxTokens.filter((limit) => limit !== undefined);
  return {
    question: questionTokens,
    prompt: questionTokens + contextTokens,
    completion: given.length > 0 ? Math.max(...given) : null,
  };
}
