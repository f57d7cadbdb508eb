import type { AiProvider } from './contract.ts';
import { createLocalProvider } from './local.ts';
import type { OpenAiSettings } from './openai.ts';

export * from './contract.ts';
export { estimateTokens, estimateUsage } from './estimate-tokens.ts';
export { matchStrength } from './match-stems.ts';
export { PROMPT_VERSION } from './prompt.ts';
export { longestQuote, quotableSpans } from './quotable-spans.ts';
export { isAbout } from './rank-sentences.ts';
export { refusalText } from './refusal.ts';
export { standaloneQuestion } from './standalone-question.ts';
export { numberedParts } from './table-rows.ts';

/**
 * The provider behind a key, or the local one without. The client library is loaded only when it is needed: it costs a
 * process more time and memory than everything else here.
 * @throws Error when the host of `baseUrl` is not among `allowedHosts`
 */
export async function createAiProvider(
  settings: Omit<OpenAiSettings, 'apiKey'> & { apiKey: string | undefined },
): Promise<AiProvider> {
  const { apiKey } = settings;
  if (!apiKey) return createLocalProvider(settings);
  const { createOpenAiProvider } = await import('./openai.ts');
  return createOpenAiProvider({ ...settings, apiKey });
}
