import type { Json, Meaning, WireEvent } from '../contract.ts';
import { readFailure } from '../failure-codes.ts';
import { fieldsOf, isJson, isSet, objectOf, objectsOf, textOf } from '../json.ts';
import { readChatUsage } from '../token-count.ts';

/** What servers of this format call the text of a model's reasoning. */
export const reasoningOf = (delta: Json): string => textOf(delta.reasoning_content) || textOf(delta.reasoning);

function charactersOfCall(call: Json): number {
  const called = isJson(call.function) ? call.function : isJson(call.custom) ? call.custom : call;
  return textOf(called.name).length + textOf(called.arguments).length + textOf(called.input).length;
}

/** Characters of text, reasoning, refusal and tools' arguments that a delta, or a whole message, holds. */
function charactersOf(delta: Json): number {
  let characters = textOf(delta.content).length + reasoningOf(delta).length + textOf(delta.refusal).length;
  for (const call of objectsOf(delta.tool_calls)) characters += charactersOfCall(call);
  return characters + charactersOfCall(fieldsOf(delta.function_call));
}

/** Characters of a whole chat completion, or of one chunk of a stream, by which its tokens are estimated. */
export function characterCount(answer: Json): number {
  let characters = 0;
  for (const choice of objectsOf(answer.choices)) {
    characters += charactersOf(fieldsOf(choice.delta ?? choice.message)) + textOf(choice.text).length;
  }
  return characters;
}

const begins = ({ delta }: Json): boolean =>
  isJson(delta) &&
  ((Array.isArray(delta.tool_calls) && delta.tool_calls.length > 0) ||
    isJson(delta.function_call) ||
    (isJson(delta.audio) && Object.keys(delta.audio).length > 0));

const isError = (json: Json): boolean => (typeof json.error === 'string' && json.error !== '') || isJson(json.error);

/** The error that an event is; undefined when it is none. vLLM's older form has its fields at the top. */
export function chatFailureOf(event: WireEvent, json: Json): Meaning['error'] | undefined {
  if (isError(json)) return readFailure(json.error);
  if (event.event === 'error' || json.object === 'error') return readFailure(json);
  return undefined;
}

/** What an event of a stream of chat completions means. */
export function chatMeaningOf(event: WireEvent): Meaning | undefined {
  if (event.data === '[DONE]') return { hasContent: false, isEnd: true };
  const json = objectOf(event);
  if (!json) return undefined;
  const error = chatFailureOf(event, json);
  if (error) return { hasContent: false, isEnd: false, error };
  if (!Array.isArray(json.choices)) return undefined;
  const choices = objectsOf(json.choices);
  const characters = characterCount(json);
  const meaning: Meaning = { hasContent: characters > 0 || choices.some(begins), isEnd: false };
  if (characters > 0) meaning.characters = characters;
  if (choices.some((choice) => isSet(choice.finish_reason))) meaning.isFinish = true;
  if (isJson(json.usage)) {
    const usage = readChatUsage(json.usage);
    if (usage) meaning.usage = usage;
    if (choices.length === 0 && !isSet(json.prompt_filter_results)) meaning.isUsageOnly = true;
  }
  return meaning;
}
