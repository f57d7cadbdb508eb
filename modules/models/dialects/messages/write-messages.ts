import { isFailedResult, thinkingOf } from '../anthropic-extras.ts';
import type { Json } from '../contract.ts';
import { fieldsOf, isJson, objectsOf, textOf } from '../json.ts';
import { invalid, type Refuse, refuseChatOnly } from '../refuse.ts';
import { parseInput } from './parse-input.ts';
import { cacheMark } from './read-content.ts';
import { writeBlocks } from './write-content.ts';

/** Arguments of a call as an object. @throws Problem invalid-request where they are none */
function inputOf(call: Json, path: string): Json {
  const input = parseInput(textOf(fieldsOf(call.function).arguments));
  if (input) return input;
  throw invalid(`body.${path}.function.arguments`, 'must be a JSON object');
}

function writeCalls(message: Json, path: string, refuse: Refuse): Json[] {
  return objectsOf(message.tool_calls).flatMap((call, index): Json[] => {
    const place = `${path}.tool_calls[${index}]`;
    if (!isJson(call.function)) {
      refuse(`${place}.type`);
      return [];
    }
    return [
      { type: 'tool_use', id: call.id, name: call.function.name, input: inputOf(call, place), ...cacheMark(call) },
    ];
  });
}

/** What the model thought, as far as it is signed: only that may be sent back. */
export const signedThinkingOf = (message: Json): Json[] =>
  thinkingOf(message).filter(({ type, signature }) => type === 'redacted_thinking' || textOf(signature) !== '');

function writeAssistant(message: Json, path: string, refuse: Refuse): Json[] {
  const refusal = textOf(message.refusal);
  return [
    ...signedThinkingOf(message),
    ...writeBlocks(message.content, `${path}.content`, refuse),
    ...(refusal === '' ? [] : [{ type: 'text', text: refusal }]),
    ...writeCalls(message, path, refuse),
  ];
}

function writeResult(message: Json, path: string, refuse: Refuse): Json {
  return {
    type: 'tool_result',
    tool_use_id: message.tool_call_id,
    content:
      typeof message.content === 'string' ? message.content : writeBlocks(message.content, `${path}.content`, refuse),
    ...(isFailedResult(message) && { is_error: true }),
    ...cacheMark(message),
  };
}

/** The turns of a conversation, as they are put together. */
class Turns {
  readonly turns: Json[] = [];
  /** Calls of the last assistant's turn that have no result yet. */
  #pending = new Set<unknown>();
  #results: Json[] = [];
  #blocks: Json[] = [];

  addAssistant(blocks: Json[], path: string): void {
    this.closeUser(path);
    const last = this.turns.at(-1);
    if (last?.role === 'assistant') (last.content as Json[]).push(...blocks);
    else if (blocks.length > 0) this.turns.push({ role: 'assistant', content: blocks });
    for (const block of blocks) if (block.type === 'tool_use') this.#pending.add(block.id);
  }

  addResult(result: Json, path: string): void {
    if (!this.#pending.delete(result.tool_use_id))
      throw invalid(`body.${path}.tool_call_id`, 'must answer a call of the assistant message before it, once');
    this.#results.push(result);
  }

  addUser(blocks: Json[]): void {
    this.#blocks.push(...blocks);
  }

  /** Results come before all that the user says. */
  closeUser(path: string): void {
    const [missing] = this.#pending;
    if (missing !== undefined) throw invalid(`body.${path}`, `must be preceded by a result of the call "${missing}"`);
    const content = [...this.#results, ...this.#blocks];
    if (content.length > 0) this.turns.push({ role: 'user', content });
    this.#results = [];
    this.#blocks = [];
  }
}

/**
 * The conversation without its system messages, in turns of user and assistant.
 * @throws Problem invalid-request for calls without a result, results without a call, and arguments that are no JSON object
 */
export function writeMessages(messages: readonly Json[], refuse: Refuse): Json[] {
  const turns = new Turns();
  for (const [index, message] of messages.entries()) {
    const path = `messages[${index}]`;
    const { role } = message;
    if (role === 'assistant') {
      refuseChatOnly(message, path, refuse);
      turns.addAssistant(writeAssistant(message, path, refuse), path);
    } else if (role === 'tool') turns.addResult(writeResult(message, path, refuse), path);
    else if (role === 'user') turns.addUser(writeBlocks(message.content, `${path}.content`, refuse));
    else if (role === 'function') refuse(`${path}.role`);
  }
  turns.closeUser('messages');
  if (turns.turns.length === 0) throw invalid('body.messages', 'must hold a message of the user');
  return turns.turns;
}

/** All system messages in their order, as one text, or as blocks where one is marked for the cache. */
export function writeSystem(messages: readonly Json[], refuse: Refuse): string | Json[] | undefined {
  const blocks = messages.flatMap((message, index) =>
    message.role === 'system' || message.role === 'developer'
      ? writeBlocks(message.content, `messages[${index}].content`, refuse)
      : [],
  );
  if (blocks.length === 0) return undefined;
  if (blocks.some((block) => block.type !== 'text' || 'cache_control' in block)) return blocks;
  return blocks.map(({ text }) => text).join('\n\n');
}
