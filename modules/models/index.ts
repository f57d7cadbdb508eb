import type { AiProvider } from './contract.ts';
import { createLocalProvider } from './providers/local/local.ts';
import type { OpenAiEndpoint } from './providers/openai/client.ts';
import type { OpenAiSettings } from './providers/openai/openai.ts';

export { matchStrength } from '../legal/answers/extractive/match-stems.ts';
export { longestQuote, quotableSpans } from '../legal/answers/extractive/quotable-spans.ts';
export { isAbout } from '../legal/answers/extractive/rank-sentences.ts';
export { numberedParts } from '../legal/answers/extractive/table-rows.ts';
export { PROMPT_VERSION } from '../legal/answers/prompt.ts';
export { refusalText } from '../legal/answers/refusal.ts';
export { standaloneQuestion } from '../legal/answers/standalone-question.ts';
export { AiFailure } from './ai-failure.ts';
export * from './contract.ts';
export type { Embedder, Embeddings, Reachable } from './embedder.ts';
export { estimateTokens, estimateUsage } from './estimate-tokens.ts';

/**
 * The provider behind a key, or the local one without. The client library is loaded only when it is needed: it costs a
 * process more time and memory than everything else here.
 * @throws Error when the host of `baseUrl` is not among `allowedHosts`
 */
export async function createAiProvider(settings: OpenAiSettings & OpenAiEndpoint): Promise<AiProvider> {
  if (!settings.apiKey) return createLocalProvider();
  const { connectOpenAi } = await import('./providers/openai/client.ts');
  const { createOpenAiProvider } = await import('./providers/openai/openai.ts');
  return createOpenAiProvider(connectOpenAi(settings), settings);
}
