import { randomUUID } from 'node:crypto';
import type {
  ChatAnswer,
  ChatChunk,
  Json,
  Meaning,
  StreamReader,
  TokenCount,
  WireEvent,
} from '../../dialects/contract.ts';
import { readFailure } from '../../dialects/failure-codes.ts';
import { entryOf, isJson, isSet, objectOf, objectsOf, textOf } from '../../dialects/json.ts';
import { unreadable } from '../../dialects/refuse.ts';
import { idOfCall } from './call-ids.ts';
import { readFunctionName } from './function-names.ts';
import { readGigaChatUsage, toChatUsage } from './read-usage.ts';

const finishes: Readonly<Record<string, string>> = {
  stop: 'stop',
  length: 'length',
  function_call: 'tool_calls',
  blacklist: 'content_filter',
};

/** An end that OpenAI has no word for stands next to `stop`. */
function readFinish(finish: unknown): Json {
  if (!isSet(finish)) return { finish_reason: null };
  const known = entryOf(finishes, finish);
  return known === undefined ? { finish_reason: 'stop', x_stop_reason: finish } : { finish_reason: known };
}

/** The call in a message or delta, which holds it whole; undefined without one. */
function readCall(said: Json): Json | undefined {
  if (!isJson(said.function_call)) return undefined;
  const { name, arguments: given } = said.function_call;
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? {});
  const id = idOfCall(typeof said.functions_state_id === 'string' ? said.functions_state_id : undefined);
  return { id, type: 'function', function: { name: readFunctionName(textOf(name)), arguments: text } };
}

const stateOf = ({ functions_state_id: id }: Json): Json =>
  typeof id === 'string' && id !== '' ? { x_gigachat: { functions_state_id: id } } : {};

const reasoningOf = ({ reasoning_content: text }: Json): Json =>
  typeof text === 'string' && text !== '' ? { reasoning_content: text } : {};

/** A whole answer as a chat completion. @throws Problem invalid-upstream-answer */
export function readGigaChatAnswer(answer: Json): ChatAnswer {
  const choices = objectsOf(answer.choices);
  if (choices.length === 0) throw unreadable('an answer without choices');
  const usage = readGigaChatUsage(answer.usage);
  const read = {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: answer.created,
    model: answer.model,
    choices: choices.map((choice, position) => readChoice(choice, position)),
    ...(usage && { usage: toChatUsage(usage) }),
  };
  return read as unknown as ChatAnswer;
}

function readChoice(choice: Json, position: number): Json {
  const { message } = choice;
  if (!isJson(message)) throw unreadable('a choice without a message');
  const call = readCall(message);
  const text = textOf(message.content);
  const { finish_reason: finish, ...extra } = readFinish(choice.finish_reason);
  return {
    index: choice.index ?? position,
    message: {
      role: 'assistant',
      content: call && text === '' ? null : text,
      refusal: null,
      ...reasoningOf(message),
      ...(call && { tool_calls: [call] }),
      ...stateOf(message),
    },
    logprobs: null,
    finish_reason: finish ?? (call ? 'tool_calls' : 'stop'),
    ...extra,
  };
}

/** An error that stands where an answer should, such as `{"status": 429, "message": …}`. */
function failureOf(json: Json): Meaning['error'] | undefined {
  if (Array.isArray(json.choices)) return undefined;
  if (isJson(json.error)) return readFailure(json.error);
  return typeof json.status === 'number' && json.status >= 400 ? readFailure(json) : undefined;
}

/** What an event of a stream means. The count comes in the last chunk with content, without being asked for. */
export function gigaChatMeaningOf(event: WireEvent): Meaning | undefined {
  if (event.data === '[DONE]') return { hasContent: false, isEnd: true };
  const json = objectOf(event);
  if (!json) return undefined;
  const error = failureOf(json);
  if (error) return { hasContent: false, isEnd: false, error };
  if (!Array.isArray(json.choices)) return undefined;
  const choices = objectsOf(json.choices);
  const characters = choices.reduce((sum, { delta }) => sum + (isJson(delta) ? charactersOf(delta) : 0), 0);
  const usage = readGigaChatUsage(json.usage);
  return {
    hasContent: characters > 0,
    isEnd: false,
    ...(characters > 0 && { characters }),
    ...(choices.some((choice) => isSet(choice.finish_reason)) && { isFinish: true }),
    ...(usage && { usage }),
  };
}

/** What a delta says; while a built-in function works, its text is a notice and no part of the answer. */
const contentOf = (delta: Json): string => (delta.role === 'function_in_progress' ? '' : textOf(delta.content));

function charactersOf(delta: Json): number {
  const call = isJson(delta.function_call) ? JSON.stringify(delta.function_call).length : 0;
  return contentOf(delta).length + textOf(delta.reasoning_content).length + call;
}

/** Reads a stream into chunks of a chat completion, the count behind the end of the text. */
export function createGigaChatReader(): StreamReader {
  const id = `chatcmpl-${randomUUID()}`;
  const begun = new Set<unknown>();
  let head: Json = {};
  let usage: TokenCount | undefined;
  const toChunk = (choices: Json[], more: Json = {}): ChatChunk =>
    ({ id, object: 'chat.completion.chunk', ...head, choices, ...more }) as unknown as ChatChunk;
  return {
    read(event) {
      if (event.data === '[DONE]') return [];
      const json = objectOf(event);
      if (!json) throw unreadable('an event that is no JSON object');
      if (failureOf(json)) throw unreadable('an error inside the stream');
      head = { created: json.created, model: json.model };
      usage = readGigaChatUsage(json.usage) ?? usage;
      const choices = objectsOf(json.choices).map((choice, position) => {
        const index = choice.index ?? position;
        const isFirst = !begun.has(index);
        begun.add(index);
        return readDelta(choice, index, isFirst);
      });
      return choices.length === 0 ? [] : [toChunk(choices)];
    },
    end: () => (usage ? [toChunk([], { usage: toChatUsage(usage) })] : []),
  };
}

function readDelta(choice: Json, index: unknown, isFirst: boolean): Json {
  const said: Json = isJson(choice.delta) ? choice.delta : {};
  const call = readCall(said);
  const text = contentOf(said);
  const delta = {
    ...(isFirst && { role: 'assistant' }),
    ...((isFirst || text !== '') && { content: text }),
    ...reasoningOf(said),
    ...(call && { tool_calls: [{ index: 0, ...call }] }),
    ...stateOf(said),
  };
  return { index, delta, logprobs: null, ...readFinish(choice.finish_reason) };
}
