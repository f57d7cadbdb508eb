import { thoughts } from '../anthropic-extras.ts';
import { needFilledList, needObject, needOneOf, needString, needText } from '../check-fields.ts';
import type { Json } from '../contract.ts';
import { isSet, textOf } from '../json.ts';
import { unsupported } from '../refuse.ts';
import { blocksOf, cacheMark, joinParts, needTextBlock, readPart, readSystem } from './read-content.ts';

function readToolResult(block: Json, path: string): Json {
  const parts = isSet(block.content) ? blocksOf(block.content, `${path}.content`) : [];
  return {
    role: 'tool',
    tool_call_id: needText(block.tool_use_id, `${path}.tool_use_id`),
    content: joinParts(
      parts.map((part) => readPart(part.block, part.path)),
      '\n',
    ),
    ...cacheMark(block),
    ...(block.is_error === true && { x_anthropic: { is_error: true } }),
  };
}

/** Results of tools come first, as messages of their own. */
function readUser(message: Json, path: string): Json[] {
  const blocks = blocksOf(message.content, `${path}.content`);
  const results = blocks.filter(({ block }) => block.type === 'tool_result');
  const parts = blocks.filter(({ block }) => block.type !== 'tool_result');
  const messages = results.map((result) => readToolResult(result.block, result.path));
  if (parts.length === 0 && messages.length > 0) return messages;
  if (typeof message.content === 'string') return [...messages, { role: 'user', content: message.content }];
  return [...messages, { role: 'user', content: parts.map((part) => readPart(part.block, part.path)) }];
}

function readToolUse(block: Json, path: string): Json {
  const input = isSet(block.input) ? needObject(block.input, `${path}.input`) : {};
  return {
    id: needText(block.id, `${path}.id`),
    type: 'function',
    function: { name: needText(block.name, `${path}.name`), arguments: JSON.stringify(input) },
    ...cacheMark(block),
  };
}

function readThinking(block: Json, path: string): Json {
  if (block.type === 'redacted_thinking')
    return { type: 'redacted_thinking', data: needString(block.data, `${path}.data`) };
  const thinking = needString(block.thinking, `${path}.thinking`);
  return { type: 'thinking', thinking, signature: textOf(block.signature) };
}

function readAssistant(message: Json, path: string): Json {
  const texts: Json[] = [];
  const calls: Json[] = [];
  const thinking: Json[] = [];
  for (const { block, path: place } of blocksOf(message.content, `${path}.content`)) {
    if (block.type === 'text') texts.push(needTextBlock(block, place));
    else if (block.type === 'tool_use') calls.push(readToolUse(block, place));
    else if (block.type === 'thinking' || block.type === 'redacted_thinking') thinking.push(readThinking(block, place));
    else throw unsupported(`${place.replace('body.', '')}.type`);
  }
  const reasoning = thinking.map((block) => textOf(block.thinking)).join('');
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : joinParts(texts, ''),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...thoughts(reasoning, thinking),
  };
}

/** @throws Problem invalid-request, unsupported-parameter */
export function readMessages(value: unknown): Json[] {
  return needFilledList(value, 'body.messages').flatMap((item, index): Json[] => {
    const path = `body.messages[${index}]`;
    const message = needObject(item, path);
    const role = needOneOf(message.role, `${path}.role`, ['user', 'assistant', 'system']);
    if (role === 'system') return [{ role, content: readSystem(message.content, `${path}.content`) }];
    return role === 'user' ? readUser(message, path) : [readAssistant(message, path)];
  });
}
