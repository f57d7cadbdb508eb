import { thoughts } from '../anthropic-extras.ts';
import { needFilledList, needObject, needOneOf, needString, needText } from '../check-fields.ts';
import type { Json } from '../contract.ts';
import { isSet, textOf } from '../json.ts';
import { type Refuse, unsupported } from '../refuse.ts';
import { blocksOf, cacheMark, joinParts, needTextBlock, readPart, readSystem } from './read-content.ts';

function readToolResult(block: Json, path: string, refuse: Refuse): Json {
  const parts = isSet(block.content) ? blocksOf(block.content, `${path}.content`) : [];
  return {
    role: 'tool',
    tool_call_id: needText(block.tool_use_id, `${path}.tool_use_id`),
    content: joinParts(
      parts.flatMap((part) => readPart(part.block, part.path, refuse)),
      '\n',
    ),
    ...cacheMark(block),
    ...(block.is_error === true && { x_anthropic: { is_error: true } }),
  };
}

/** Results of tools come first, as messages of their own. */
function readUser(message: Json, path: string, refuse: Refuse): Json[] {
  const blocks = blocksOf(message.content, `${path}.content`);
  const results = blocks.filter(({ block }) => block.type === 'tool_result');
  const parts = blocks.filter(({ block }) => block.type !== 'tool_result');
  const messages = results.map((result) => readToolResult(result.block, result.path, refuse));
  if (parts.length === 0 && messages.length > 0) return messages;
  if (typeof message.content === 'string') return [...messages, { role: 'user', content: message.content }];
  const content = parts.flatMap((part) => readPart(part.block, part.path, refuse));
  const isLeftOut = content.length === 0 && parts.length > 0;
  return isLeftOut ? messages : [...messages, { role: 'user', content }];
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

function readAssistant(message: Json, path: string, refuse: Refuse): Json[] {
  const texts: Json[] = [];
  const calls: Json[] = [];
  const thinking: Json[] = [];
  const blocks = blocksOf(message.content, `${path}.content`);
  for (const { block, path: place } of blocks) {
    if (block.type === 'text') texts.push(needTextBlock(block, place));
    else if (block.type === 'tool_use') calls.push(readToolUse(block, place));
    else if (block.type === 'thinking' || block.type === 'redacted_thinking') thinking.push(readThinking(block, place));
    else refuse(`${place}.type`);
  }
  if (blocks.length > 0 && texts.length + calls.length + thinking.length === 0) return [];
  const reasoning = thinking.map((block) => textOf(block.thinking)).join('');
  const content = texts.length === 0 && calls.length > 0 ? null : joinParts(texts, '');
  const called = calls.length > 0 ? { tool_calls: calls } : {};
  return [{ role: 'assistant', content, ...called, ...thoughts(reasoning, thinking) }];
}

/** Messages of which nothing is left are left out. @throws Problem invalid-request, unsupported-parameter */
export function readMessages(value: unknown, refuse: Refuse): Json[] {
  const messages = needFilledList(value, 'body.messages').flatMap((item, index): Json[] => {
    const path = `body.messages[${index}]`;
    const message = needObject(item, path);
    const role = needOneOf(message.role, `${path}.role`, ['user', 'assistant', 'system']);
    if (role === 'system') return [{ role, content: readSystem(message.content, `${path}.content`) }];
    return role === 'user' ? readUser(message, path, refuse) : readAssistant(message, path, refuse);
  });
  if (messages.length === 0) throw unsupported('messages');
  return messages;
}
