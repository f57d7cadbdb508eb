import { needFilledList, needList, needObject, needOneOf, needString, needText } from '../check-fields.ts';
import type { Json } from '../contract.ts';
import { isSet } from '../json.ts';
import { invalid } from '../refuse.ts';

const roles = ['system', 'developer', 'user', 'assistant', 'tool', 'function'];

/** Fields that a part must have by its type; parts of other types pass as they are. */
function checkPart(value: unknown, path: string): void {
  const part = needObject(value, path);
  const type = needText(part.type, `${path}.type`);
  if (type === 'text') needString(part.text, `${path}.text`);
  if (type === 'refusal') needString(part.refusal, `${path}.refusal`);
  if (type === 'image_url') needText(needObject(part.image_url, `${path}.image_url`).url, `${path}.image_url.url`);
  if (type === 'input_audio')
    needText(needObject(part.input_audio, `${path}.input_audio`).data, `${path}.input_audio.data`);
  if (type === 'file') needObject(part.file, `${path}.file`);
}

function checkContent(content: unknown, path: string): void {
  if (typeof content === 'string') return;
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or an array of parts');
  for (const [index, part] of needFilledList(content, path).entries()) checkPart(part, `${path}[${index}]`);
}

function checkToolCall(value: unknown, path: string): void {
  const call = needObject(value, path);
  needText(call.id, `${path}.id`);
  if (needOneOf(call.type ?? 'function', `${path}.type`, ['function', 'custom']) === 'custom') {
    const custom = needObject(call.custom, `${path}.custom`);
    needText(custom.name, `${path}.custom.name`);
    needString(custom.input, `${path}.custom.input`);
    return;
  }
  const called = needObject(call.function, `${path}.function`);
  needText(called.name, `${path}.function.name`);
  needString(called.arguments, `${path}.function.arguments`);
}

function checkAssistant(message: Json, path: string): void {
  const calls = isSet(message.tool_calls) ? needList(message.tool_calls, `${path}.tool_calls`) : [];
  for (const [index, call] of calls.entries()) checkToolCall(call, `${path}.tool_calls[${index}]`);
  if (isSet(message.content)) checkContent(message.content, `${path}.content`);
  else if (calls.length === 0 && !['function_call', 'refusal', 'audio'].some((name) => isSet(message[name])))
    throw invalid(`${path}.content`, 'must be given unless the message calls tools');
}

/** @throws Problem invalid-request naming the place */
export function checkMessages(value: unknown): void {
  for (const [index, item] of needFilledList(value, 'body.messages').entries()) {
    const path = `body.messages[${index}]`;
    const message = needObject(item, path);
    const role = needOneOf(message.role, `${path}.role`, roles);
    if (role === 'assistant') checkAssistant(message, path);
    else if (role === 'function') {
      needText(message.name, `${path}.name`);
      if (isSet(message.content)) needString(message.content, `${path}.content`);
    } else checkContent(message.content, `${path}.content`);
    if (role === 'tool') needText(message.tool_call_id, `${path}.tool_call_id`);
  }
}
