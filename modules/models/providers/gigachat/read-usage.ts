import type { Json, TokenCount } from '../../dialects/contract.ts';
import { countOf, isJson } from '../../dialects/json.ts';

/**
 * Usage of an answer. Cached tokens are inside the prompt's or next to them, depending on the model; the sum tells which. The sum may also
 * leave them out, as it did for what is billed. Where it shows nothing, more cached tokens than the prompt has are next to it.
 */
export function readGigaChatUsage(usage: unknown): TokenCount | undefined {
  if (!isJson(usage)) return undefined;
  const prompt = countOf(usage.prompt_tokens);
  const output = countOf(usage.completion_tokens);
  if (prompt === undefined || output === undefined) return undefined;
  const cached = countOf(usage.precached_prompt_tokens);
  if (cached === undefined) return { input: prompt, output };
  const isAdded = (cached > 0 && usage.total_tokens === prompt + output + cached) || cached > prompt;
  return { input: isAdded ? prompt + cached : prompt, cached, output };
}

/** The same as a chat completion has it. */
export function toChatUsage({ input, cached, output }: TokenCount): Json {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cached !== undefined && { prompt_tokens_details: { cached_tokens: cached } }),
  };
}
