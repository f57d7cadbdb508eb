import { thinkingOf } from '../anthropic-extras.ts';
import type { ChatAnswer, Json } from '../contract.ts';
import { fieldsOf, objectsOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readChatUsage, writeAnthropicUsage } from '../token-count.ts';
import { parseInput } from './parse-input.ts';
import { writeStopReason } from './stop-reasons.ts';

/** Anthropic's identifiers begin with `msg_`. */
export const messageId = (id: unknown): string => (textOf(id).startsWith('msg_') ? textOf(id) : `msg_${textOf(id)}`);

/** @throws Problem invalid-upstream-answer, unless the answer was cut off in the arguments */
function inputOf(called: Json, isCutOff: boolean): Json {
  const input = parseInput(textOf(called.arguments));
  if (input) return input;
  if (isCutOff) return {};
  throw unreadable('arguments of a tool that are no JSON object');
}

/** Thinking as it came from Anthropic, or the reasoning of another model, which has no signature. */
function thinkingBlocks(message: Json): Json[] {
  const blocks = thinkingOf(message);
  const reasoning = textOf(message.reasoning_content);
  if (blocks.length > 0 || reasoning === '') return blocks;
  return [{ type: 'thinking', thinking: reasoning, signature: '' }];
}

/** A chat completion, of which the first choice counts, as a message. @throws Problem invalid-upstream-answer */
export function writeMessagesAnswer(answer: ChatAnswer, model: string): Json {
  const [choice = {}] = objectsOf(answer.choices);
  const message = fieldsOf(choice.message);
  const calls = objectsOf(message.tool_calls).map((call): Json => {
    const called = fieldsOf(call.function);
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
