import { toChatAnswer } from '../chat-answer.ts';
import type { ChatAnswer, Json } from '../contract.ts';
import { fieldsOf, objectsOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readAnthropicUsage } from '../token-count.ts';
import { readStopReason } from './stop-reasons.ts';
import { ANSWER_TOOL } from './write-tools.ts';

const inputText = (input: unknown): string => JSON.stringify(fieldsOf(input));

/** A message as a chat completion. Blocks of other kinds say nothing that one could hold. @throws Problem invalid-upstream-answer */
export function readMessagesAnswer(answer: Json): ChatAnswer {
  if (!Array.isArray(answer.content)) throw unreadable('a message without content');
  let [text, reasoning] = ['', ''];
  const calls: Json[] = [];
  const thinking: Json[] = [];
  for (const block of objectsOf(answer.content)) {
    if (block.type === 'text') text += textOf(block.text);
    else if (block.type === 'thinking' || block.type === 'redacted_thinking') {
      reasoning += textOf(block.thinking);
      thinking.push(block);
    } else if (block.type === 'tool_use' && block.name === ANSWER_TOOL) text += inputText(block.input);
    else if (block.type === 'tool_use') {
      const called = { name: block.name, arguments: inputText(block.input) };
      calls.push({ id: block.id, type: 'function', function: called });
    }
  }
  const end = readStopReason(answer.stop_reason, calls.length);
  const count = readAnthropicUsage(answer.usage);
  return toChatAnswer(answer, { text, reasoning, thinking, calls, end, count });
}
