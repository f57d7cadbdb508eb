import { type ChatMessage, type TokenUsage, textOf } from './chat-model.ts';

/**
 * Tokens that a text costs where no provider counted them: one for 4 ASCII characters, one for 2 others. Current
 * tokenizers need about 4 characters of English and 2 to 3 of Russian a token, so this rather counts too many.
 */
export function estimateTokens(text: string): number {
  let ascii = 0;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) < 128) ascii += 1;
  return Math.ceil(ascii / 4 + (text.length - ascii) / 2);
}

/** What a call cost by the rule of {@link estimateTokens}, for a call that ended before its count arrived. */
export function estimateUsage(messages: readonly ChatMessage[], answer: string): TokenUsage {
  // Chat formats spend about four tokens around each message.
  const promptTokens = messages.reduce((sum, message) => sum + 4 + estimateTokens(textOf(message)), 0);
  return { promptTokens, completionTokens: estimateTokens(answer), cachedTokens: 0 };
}
