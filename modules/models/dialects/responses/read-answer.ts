import { toChatAnswer } from '../chat-answer.ts';
import type { ChatAnswer, Json } from '../contract.ts';
import { fieldsOf, objectsOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readResponsesUsage } from '../token-count.ts';
import { readKeptThinking } from './kept-thinking.ts';

/** Why a response ended, for a choice. @throws Problem invalid-upstream-answer when it failed */
export function finishOf(response: Json, calls: number): Json {
  if (response.status === 'failed' || response.status === 'cancelled') throw unreadable('a response that failed');
  if (response.status !== 'incomplete') return { finish_reason: calls > 0 ? 'tool_calls' : 'stop' };
  const reason = textOf(fieldsOf(response.incomplete_details).reason);
  if (reason === 'content_filter') return { finish_reason: 'content_filter' };
  return { finish_reason: 'length', ...(reason !== 'max_output_tokens' && reason !== '' && { x_stop_reason: reason }) };
}

const texts = (parts: unknown, name: string): string =>
  objectsOf(parts)
    .map((part) => textOf(part[name]))
    .join('');

/** What stands in an item of reasoning: its summary, and the whole where a server gives it. */
export const reasoningText = ({ summary, content }: Json): string => texts(summary, 'text') + texts(content, 'text');

/** A response as a chat completion. Items of tools that OpenAI runs say nothing that one could hold. @throws Problem invalid-upstream-answer */
export function readResponsesAnswer(response: Json): ChatAnswer {
  if (!Array.isArray(response.output)) throw unreadable('a response without output');
  const items = objectsOf(response.output);
  const ofType = (type: string) => items.filter((item) => item.type === type);
  const said = (name: string) =>
    ofType('message')
      .map(({ content }) => texts(content, name))
      .join('');
  const calls = ofType('function_call').map((item) => ({
    id: item.call_id,
    type: 'function',
    function: { name: item.name, arguments: textOf(item.arguments) },
  }));
  return toChatAnswer(response, {
    text: said('text'),
    refusal: said('refusal'),
    reasoning: ofType('reasoning').map(reasoningText).join(''),
    thinking: ofType('reasoning').flatMap((item) => readKeptThinking(item.encrypted_content)),
    calls,
    end: finishOf(response, calls.length),
    count: readResponsesUsage(response.usage),
  });
}
