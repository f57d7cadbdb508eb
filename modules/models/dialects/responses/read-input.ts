import { thinkingOf, thoughts } from '../anthropic-extras.ts';
import { needFilledList, needObject, needOneOf, needString, needText } from '../check-fields.ts';
import type { Json } from '../contract.ts';
import { isSet, objectsOf, textOf } from '../json.ts';
import { invalid, unsupported } from '../refuse.ts';
import { readKeptThinking } from './kept-thinking.ts';
import { reasoningText } from './read-answer.ts';

const nameOf = (path: string): string => path.replace('body.', '');

function readFile(part: Json, path: string): Json {
  if (!isSet(part.file_data)) throw unsupported(nameOf(`${path}.${isSet(part.file_url) ? 'file_url' : 'file_id'}`));
  const data = needText(part.file_data, `${path}.file_data`);
  return { type: 'file', file: { filename: textOf(part.filename) || 'file', file_data: data } };
}

function readPart(value: unknown, path: string): Json {
  const part = needObject(value, path);
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: needString(part.text, `${path}.text`) };
    case 'refusal':
      return { type: 'refusal', refusal: needString(part.refusal, `${path}.refusal`) };
    case 'input_image': {
      if (!isSet(part.image_url)) throw unsupported(nameOf(`${path}.file_id`));
      const detail = isSet(part.detail) ? { detail: part.detail } : {};
      return { type: 'image_url', image_url: { url: needText(part.image_url, `${path}.image_url`), ...detail } };
    }
    case 'input_file':
      return readFile(part, path);
    case 'input_audio':
      return { type: 'input_audio', input_audio: needObject(part.input_audio, `${path}.input_audio`) };
    default:
      throw unsupported(nameOf(`${path}.type`));
  }
}

function readContent(content: unknown, path: string): string | Json[] {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or an array of parts');
  return content.map((part, index) => readPart(part, `${path}[${index}]`));
}

/** Texts as one, as a chat completion has them; other parts stay. */
function joinTexts(content: string | Json[]): string | Json[] {
  if (typeof content === 'string' || content.some(({ type }) => type !== 'text')) return content;
  return content.map(({ text }) => textOf(text)).join('');
}

/** Puts items together to messages: an assistant's reasoning, text and calls are several items and one message. */
class Conversation {
  readonly messages: Json[] = [];
  #reasoning = '';
  #thinking: Json[] = [];

  /** Reasoning that no assistant's item follows belongs to the one before. */
  add(message: Json): void {
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') Object.assign(last, this.#takeReasoning(last));
    this.#reasoning = '';
    this.#thinking = [];
    this.messages.push(message);
  }

  addReasoning(item: Json): void {
    this.#reasoning += reasoningText(item);
    this.#thinking.push(...readKeptThinking(item.encrypted_content));
  }

  addAssistant(fields: Json): void {
    this.messages.push({ role: 'assistant', ...fields, ...this.#takeReasoning({}) });
  }

  /** @param known what the message holds of it */
  #takeReasoning(known: Json): Json {
    const reasoning = textOf(known.reasoning_content) + this.#reasoning;
    const thinking = [...thinkingOf(known), ...this.#thinking];
    this.#reasoning = '';
    this.#thinking = [];
    return thoughts(reasoning, thinking);
  }

  addCall(call: Json): void {
    const last = this.messages.at(-1);
    const isNext = last?.role === 'assistant' && this.#reasoning === '' && this.#thinking.length === 0;
    if (isNext) last.tool_calls = [...objectsOf(last.tool_calls), call];
    else this.addAssistant({ content: null, tool_calls: [call] });
  }
}

function readMessage(item: Json, path: string, conversation: Conversation): void {
  const role = needOneOf(item.role, `${path}.role`, ['user', 'assistant', 'system', 'developer']);
  const content = readContent(item.content, `${path}.content`);
  if (role === 'assistant') conversation.addAssistant({ content: joinTexts(content) });
  else conversation.add({ role, content });
}

function readCall(item: Json, path: string): Json {
  const called = {
    name: needText(item.name, `${path}.name`),
    arguments: needString(item.arguments, `${path}.arguments`),
  };
  return { id: needText(item.call_id, `${path}.call_id`), type: 'function', function: called };
}

function readOutput(item: Json, path: string): Json {
  const content = joinTexts(readContent(item.output, `${path}.output`));
  return { role: 'tool', tool_call_id: needText(item.call_id, `${path}.call_id`), content };
}

function readItem(value: unknown, path: string, conversation: Conversation): void {
  const item = needObject(value, path);
  const type = item.type ?? 'message';
  if (type === 'message') readMessage(item, path, conversation);
  else if (type === 'function_call') conversation.addCall(readCall(item, path));
  else if (type === 'function_call_output') conversation.add(readOutput(item, path));
  else if (type === 'reasoning') conversation.addReasoning(item);
  else throw unsupported(nameOf(`${path}.type`));
}

/** @throws Problem invalid-request; unsupported-parameter for items that only OpenAI keeps or runs */
export function readInput(input: unknown): Json[] {
  if (typeof input === 'string') return [{ role: 'user', content: needText(input, 'body.input') }];
  const conversation = new Conversation();
  for (const [index, item] of needFilledList(input, 'body.input').entries())
    readItem(item, `body.input[${index}]`, conversation);
  return conversation.messages;
}
