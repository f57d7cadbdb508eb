import { randomUUID } from 'node:crypto';
import type { ChatAnswer, ChatChunk, Json, StreamReader, WireEvent } from '../contract.ts';
import { isJson, isSet, objectOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readChatUsage } from '../token-count.ts';
import { chatFailureOf, reasoningOf } from './meaning.ts';

/** An identifier of a call of a tool, for upstreams that give none. */
export const newCallId = (): string => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`;

/** Arguments as text, which some servers send as an object. */
const argumentsText = (value: unknown): string =>
  typeof value === 'string' ? value : isSet(value) ? JSON.stringify(value) : '';

function readCall(call: Json): Json {
  if (!isJson(call.function)) return { ...call, id: call.id || newCallId() };
  const called = { ...call.function, arguments: argumentsText(call.function.arguments) };
  return { ...call, id: call.id || newCallId(), type: call.type ?? 'function', function: called };
}

function withReasoning(said: Json): Json {
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

/** Gives each call an identifier in its first fragment, and numbers those that come without a number. */
function createCallNumbering() {
  const begun = new Set<string>();
  return (choice: number, calls: unknown[]): Json[] =>
    calls.filter(isJson).map((call, position) => {
      const index = Number.isSafeInteger(call.index) ? (call.index as number) : position;
      const key = `${choice} ${index}`;
      const isFirst = !begun.has(key);
      begun.add(key);
      const called: Json = isJson(call.function) ? { ...call.function } : {};
      if (isSet(called.arguments)) called.arguments = argumentsText(called.arguments);
      return {
        ...call,
        index,
        ...(isFirst && { id: call.id || newCallId(), type: call.type ?? 'function' }),
        ...(isJson(call.function) && { function: called }),
      };
    });
}

/** Reads a stream of chat completions, whose count may stand in any chunk, into one with the count at its end. */
export function createChatReader(): StreamReader {
  const numberCalls = createCallNumbering();
  let last: Json | undefined;
  let usage: Json | undefined;
  return {
    read(event: WireEvent): ChatChunk[] {
      if (event.data === '[DONE]') return [];
      const json = objectOf(event);
      if (!json) throw unreadable('an event that is no JSON object');
      if (chatFailureOf(event, json)) throw unreadable('an error inside the stream');
      last = json;
      const { usage: counted, ...chunk } = json;
      if (isJson(counted) && readChatUsage(counted)) usage = counted;
      if (!Array.isArray(json.choices) || json.choices.length === 0) return [];
      const choices = json.choices.filter(isJson).map((choice, position) => {
        const index = Number.isSafeInteger(choice.index) ? (choice.index as number) : position;
        const delta = isJson(choice.delta) ? withReasoning(choice.delta) : {};
        const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls : undefined;
        return { ...choice, index, delta: calls ? { ...delta, tool_calls: numberCalls(index, calls) } : delta };
      });
      return [{ ...chunk, choices } as unknown as ChatChunk];
    },
    end(): ChatChunk[] {
      if (!last || !usage) return [];
      const { id, created, model } = last;
      const chunk = { id, object: 'chat.completion.chunk', created, model, choices: [], usage };
      return [chunk as unknown as ChatChunk];
    },
  };
}
