import type { Json, TokenCount } from './contract.ts';
import { countOf, fieldsOf, isJson } from './json.ts';

/** A count from its parts, in which those that are missing, or more than the whole, stay missing. */
export function tokenCount(parts: {
  input: number | undefined;
  output: number | undefined;
  cached?: number | undefined;
  cacheWrite?: number | undefined;
  reasoning?: number | undefined;
}): TokenCount | undefined {
  const { input, output, cached, cacheWrite, reasoning } = parts;
  if (input === undefined || output === undefined) return undefined;
  const count: TokenCount = { input, output };
  if (cached !== undefined && cached <= input) count.cached = cached;
  if (cacheWrite !== undefined && cacheWrite <= input - (count.cached ?? 0)) count.cacheWrite = cacheWrite;
  if (reasoning !== undefined && reasoning <= output) count.reasoning = reasoning;
  return count;
}

const detail = (details: unknown, name: string): number | undefined => countOf(fieldsOf(details)[name]);

/** Usage of a chat completion. DeepSeek's `prompt_cache_hit_tokens` is understood as well. */
export function readChatUsage(usage: unknown): TokenCount | undefined {
  if (!isJson(usage)) return undefined;
  return tokenCount({
    input: countOf(usage.prompt_tokens),
    output: countOf(usage.completion_tokens),
    cached: detail(usage.prompt_tokens_details, 'cached_tokens') ?? countOf(usage.prompt_cache_hit_tokens),
    cacheWrite: detail(usage.prompt_tokens_details, 'cache_write_tokens'),
    reasoning: detail(usage.completion_tokens_details, 'reasoning_tokens'),
  });
}

/** The same as a chat completion has it; details only where they are known. */
export function writeChatUsage({ input, output, cached, cacheWrite, reasoning }: TokenCount): Json {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...((cached !== undefined || cacheWrite !== undefined) && {
      prompt_tokens_details: {
        ...(cached !== undefined && { cached_tokens: cached }),
        ...(cacheWrite !== undefined && { cache_write_tokens: cacheWrite }),
      },
    }),
    ...(reasoning !== undefined && { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

/** Usage of OpenAI's responses. */
export function readResponsesUsage(usage: unknown): TokenCount | undefined {
  if (!isJson(usage)) return undefined;
  return tokenCount({
    input: countOf(usage.input_tokens),
    output: countOf(usage.output_tokens),
    cached: detail(usage.input_tokens_details, 'cached_tokens'),
    cacheWrite: detail(usage.input_tokens_details, 'cache_write_tokens'),
    reasoning: detail(usage.output_tokens_details, 'reasoning_tokens'),
  });
}

/** The same as a response has it, in which the details always stand. */
export function writeResponsesUsage({ input, output, cached, cacheWrite, reasoning }: TokenCount): Json {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached ?? 0, cache_write_tokens: cacheWrite ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: input + output,
  };
}

/** Figures of Anthropic's usage; in a stream they come in two events, of which the later holds only some. */
export interface AnthropicFigures {
  input?: number;
  cached?: number;
  cacheWrite?: number;
  output?: number;
  reasoning?: number;
}

/** Puts what an event says over what is known. */
export function updateFigures(known: AnthropicFigures, usage: unknown): AnthropicFigures {
  if (!isJson(usage)) return known;
  const said = {
    input: countOf(usage.input_tokens),
    cached: countOf(usage.cache_read_input_tokens),
    cacheWrite: countOf(usage.cache_creation_input_tokens),
    output: countOf(usage.output_tokens),
    reasoning: detail(usage.output_tokens_details, 'thinking_tokens'),
  };
  return { ...known, ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) };
}

/** Anthropic's input excludes what was read from a cache or written to one; the whole prompt has all three. */
export function countFigures({ input, cached, cacheWrite, output, reasoning }: AnthropicFigures) {
  const prompt = input === undefined ? undefined : input + (cached ?? 0) + (cacheWrite ?? 0);
  return tokenCount({ input: countOf(prompt), output, cached, cacheWrite, reasoning });
}

/** Usage of a whole message of Anthropic. */
export const readAnthropicUsage = (usage: unknown): TokenCount | undefined => countFigures(updateFigures({}, usage));

/** The same as Anthropic has it, whose figures always stand. */
export function writeAnthropicUsage({ input, output, cached = 0, cacheWrite = 0, reasoning }: TokenCount): Json {
  return {
    input_tokens: input - cached - cacheWrite,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cached,
    output_tokens: output,
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}
