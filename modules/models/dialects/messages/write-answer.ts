import type { ChatAnswer, Json } from '../contract.ts';
import { isJson, objectsOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readChatUsage, writeAnthropicUsage } from '../token-count.ts';
import { writeStopReason } from './stop-reasons.ts';

/** Anthropic's identifiers begin with `msg_`. */
export const messageId = (id: unknown): string => (textOf(id).startsWith('msg_') ? textOf(id) : `msg_${textOf(id)}`);

/** @throws Problem invalid-upstream-answer, unless the answer was cut off in the arguments */
function inputOf(called: Json, isCutOff: boolean): Json {
  const text = textOf(called.arguments).trim();
  try {
    const input: unknown = text === '' ? {} : JSON.parse(text);
    if (isJson(input)) return input;
  } catch {
    // Reported below, like what is JSON and no object.
  }
  if (isCutOff) return {};
  throw unreadable('arguments of a tool that are no JSON object');
}

/** Thinking as it came from Anthropic, or the reasoning of another model, which has no signature. */
function thinkingBlocks(message: Json): Json[] {
  const blocks = isJson(message.x_anthropic) ? objectsOf(message.x_anthropic.thinking) : [];
  const reasoning = textOf(message.reasoning_content);
  if (blocks.length > 0 || reasoning === '') return blocks;
  return [{ type: 'thinking', thinking: reasoning, signature: '' }];
}

/** A chat completion, of which the first choice counts, as a message. @throws Problem invalid-upstream-answer */
export function writeMessagesAnswer(answer: ChatAnswer, model: string): Json {
  const [choice = {}] = objectsOf(answer.choices);
  const message: Json = isJson(choice.message) ? choice.message : {};
  const calls = objectsOf(message.tool_calls).map((call): Json => {
    const called: Json = isJson(call.function) ? call.function : {};
    return {
      type: 'tool_use',
      id: call.id,
      name: called.name,
      input: inputOf(called, choice.finish_reason === 'length'),
    };
  });
  const texts = [textOf(message.content), textOf(message.refusal)].filter((text) => text !== '');
  const count = readChatUsage(answer.usage) ?? { input: 0, output: 0 };
  const stopReason = textOf(message.refusal) === '' ? writeStopReason(choice, calls.length) : 'refusal';
  return {
    id: messageId(answer.id),
    type: 'message',
    role: 'assistant',
    model,
    content: [...thinkingBlocks(message), ...texts.map((text) => ({ type: 'text', text, citations: null })), ...calls],
    stop_reason: stopReason,
    stop_sequence: null,
    usage: writeAnthropicUsage(count),
  };
}
