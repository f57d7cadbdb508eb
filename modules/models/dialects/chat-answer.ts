import { thoughts } from './anthropic-extras.ts';
import type { ChatAnswer, Json, TokenCount } from './contract.ts';
import { textOf } from './json.ts';
import { writeChatUsage } from './token-count.ts';

/** What an answer in another format says. */
export interface Said {
  text: string;
  refusal?: string;
  reasoning: string;
  /** Blocks of thinking, with their signatures. */
  thinking: Json[];
  calls: Json[];
  /** Why it ended, as a choice has it. */
  end: Json;
  count: TokenCount | undefined;
}

/** When an answer was made, in seconds: the present time where it does not say. */
export const createdAt = ({ created_at: created }: Json): number =>
  Math.floor(typeof created === 'number' ? created : Date.now() / 1000);

/** An answer in another format, which has one, as a chat completion. */
export function toChatAnswer(answer: Json, said: Said): ChatAnswer {
  const { text, refusal = '', reasoning, thinking, calls, end, count } = said;
  const message = {
    role: 'assistant',
    content: text === '' && (calls.length > 0 || refusal !== '') ? null : text,
    refusal: refusal || null,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...thoughts(reasoning, thinking),
  };
  return {
    id: textOf(answer.id),
    object: 'chat.completion',
    created: createdAt(answer),
    model: textOf(answer.model),
    choices: [{ index: 0, message, logprobs: null, ...end }],
    ...(count && { usage: writeChatUsage(count) }),
  } as unknown as ChatAnswer;
}
