import type { ChatAnswer, Json } from '../contract.ts';
import { isJson, objectsOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readResponsesUsage, writeChatUsage } from '../token-count.ts';
import { readKeptThinking } from './kept-thinking.ts';

/** Why a response ended, for a choice. @throws Problem invalid-upstream-answer when it failed */
export function finishOf(response: Json, calls: number): Json {
  if (response.status === 'failed' || response.status === 'cancelled') throw unreadable('a response that failed');
  if (response.status !== 'incomplete') return { finish_reason: calls > 0 ? 'tool_calls' : 'stop' };
  const reason = isJson(response.incomplete_details) ? textOf(response.incomplete_details.reason) : '';
  if (reason === 'content_filter') return { finish_reason: 'content_filter' };
  return { finish_reason: 'length', ...(reason !== 'max_output_tokens' && reason !== '' && { x_stop_reason: reason }) };
}

const texts = (parts: unknown, name: string): string =>
  objectsOf(parts)
    .map((part) => textOf(part[name]))
    .join('');

/** A response as a chat completion. Items of tools that OpenAI runs say nothing that one could hold. @throws Problem invalid-upstream-answer */
export function readResponsesAnswer(response: Json): ChatAnswer {
  if (!Array.isArray(response.output)) throw unreadable('a response without output');
  const items = objectsOf(response.output);
  const ofType = (type: string) => items.filter((item) => item.type === type);
  const text = ofType('message').map(({ content }) => texts(content, 'text'));
  const refusal = ofType('message').map(({ content }) => texts(content, 'refusal'));
  const reasoning = ofType('reasoning').map(({ summary, content }) => texts(summary, 'text') + texts(content, 'text'));
  const thinking = ofType('reasoning').flatMap((item) => readKeptThinking(item.encrypted_content));
  const calls = ofType('function_call').map((item) => ({
    id: item.call_id,
    type: 'function',
    function: { name: item.name, arguments: textOf(item.arguments) },
  }));
  const message = {
    role: 'assistant',
    content: text.join('') === '' && (calls.length > 0 || refusal.join('') !== '') ? null : text.join(''),
    refusal: refusal.join('') || null,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(reasoning.join('') !== '' && { reasoning_content: reasoning.join('') }),
    ...(thinking.length > 0 && { x_anthropic: { thinking } }),
  };
  const count = readResponsesUsage(response.usage);
  return {
    id: textOf(response.id),
    object: 'chat.completion',
    created: typeof response.created_at === 'number' ? Math.floor(response.created_at) : Math.floor(Date.now() / 1000),
    model: textOf(response.model),
    choices: [{ index: 0, message, logprobs: null, ...finishOf(response, calls.length) }],
    ...(count && { usage: writeChatUsage(count) }),
  } as unknown as ChatAnswer;
}
