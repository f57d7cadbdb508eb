import { randomUUID } from 'node:crypto';
import type { ChatAnswer, Json } from '../contract.ts';
import { isJson, isSet, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { reasoningOf } from './meaning.ts';

/** An identifier of a call of a tool, for upstreams that give none. */
export const newCallId = (): string => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** Arguments as text, which some servers send as an object. */
export const argumentsText = (value: unknown): string =>
  typeof value === 'string' ? value : isSet(value) ? JSON.stringify(value) : '';

function readCall(call: Json): Json {
  if (!isJson(call.function)) return { ...call, id: call.id || newCallId() };
  const called = { ...call.function, arguments: argumentsText(call.function.arguments) };
  return { ...call, id: call.id || newCallId(), type: call.type ?? 'function', function: called };
}

/** What a model thought under the name that we know. */
export function withReasoning(said: Json): Json {
  const { reasoning, ...rest } = said;
  return typeof reasoning === 'string' ? { ...rest, reasoning_content: reasoningOf(said) } : said;
}

function readChoice(choice: unknown, position: number): Json {
  if (!isJson(choice) || !isJson(choice.message)) throw unreadable('a choice without a message');
  const message = withReasoning(choice.message);
  const calls = Array.isArray(message.tool_calls) && message.tool_calls.length > 0 ? message.tool_calls : undefined;
  return {
    ...choice,
    index: choice.index ?? position,
    message: {
      ...message,
      role: 'assistant',
      content: message.content ?? null,
      ...(calls && { tool_calls: calls.filter(isJson).map(readCall) }),
    },
    finish_reason: textOf(choice.finish_reason) || (calls ? 'tool_calls' : 'stop'),
  };
}

/** A chat completion with the small differences between servers taken away. @throws Problem invalid-upstream-answer */
export function readChatAnswer(answer: Json): ChatAnswer {
  if (!Array.isArray(answer.choices)) throw unreadable('a chat completion without choices');
  return { ...answer, choices: answer.choices.map(readChoice) } as unknown as ChatAnswer;
}
