import type { ChatChunk, Json, StreamReader, WireEvent } from '../contract.ts';
import { fieldsOf, isJson, isSet, objectOf, objectsOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readChatUsage } from '../token-count.ts';
import { chatFailureOf } from './meaning.ts';
import { argumentsText, newCallId, withReasoning } from './read-answer.ts';
import { numberOf } from './read-chunk.ts';

/** Gives each call an identifier in its first fragment, and numbers those that come without a number. */
function createCallNumbering() {
  const begun = new Set<string>();
  return (choice: number, calls: unknown[]): Json[] =>
    objectsOf(calls).map((call, place) => {
      const index = numberOf(call, place);
      const key = `${choice} ${index}`;
      const isFirst = !begun.has(key);
      begun.add(key);
      const called = { ...fieldsOf(call.function) };
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
      const choices = objectsOf(json.choices).map((choice, place) => {
        const index = numberOf(choice, place);
        const delta = withReasoning(fieldsOf(choice.delta));
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
