import { thinkingOf, thoughts } from '../anthropic-extras.ts';
import { needFilledList, needObject, needOneOf, needString, needText } from '../check-fields.ts';
import type { Json } from '../contract.ts';
import { isSet, objectsOf, pick, textOf } from '../json.ts';
import { invalid, type Refuse, unsupported } from '../refuse.ts';
import { readKeptThinking } from './kept-thinking.ts';
import { reasoningText } from './read-answer.ts';

/** A part of a content; undefined when no chat completion can hold it. */
function readPart(part: Json, path: string): Json | undefined {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: needString(part.text, `${path}.text`) };
    case 'refusal':
      return { type: 'refusal', refusal: needString(part.refusal, `${path}.refusal`) };
    case 'input_image':
      if (!isSet(part.image_url)) return undefined;
      return {
        type: 'image_url',
        image_url: { url: needText(part.image_url, `${path}.image_url`), ...pick(part, ['detail']) },
      };
    case 'input_file': {
      if (!isSet(part.file_data)) return undefined;
      const data = needText(part.file_data, `${path}.file_data`);
      return { type: 'file', file: { filename: textOf(part.filename) || 'file', file_data: data } };
    }
    case 'input_audio':
      return { type: 'input_audio', input_audio: needObject(part.input_audio, `${path}.input_audio`) };
    default:
      return undefined;
  }
}

/** Why a part cannot be held: its bytes stand elsewhere, or it is of another type. */
function unsaidOf({ type, file_url: url }: Json): string {
  if (type === 'input_file' && isSet(url)) return 'file_url';
  return type === 'input_file' || type === 'input_image' ? 'file_id' : 'type';
}

function readContent(content: unknown, path: string, refuse: Refuse): string | Json[] {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or an array of parts');
  return content.flatMap((value: unknown, index): Json[] => {
    const place = `${path}[${index}]`;
    const part = needObject(value, place);
    const read = readPart(part, place);
    if (!read) refuse(`${place}.${unsaidOf(part)}`);
    return read ? [read] : [];
  });
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

function readMessage(item: Json, path: string, refuse: Refuse, conversation: Conversation): void {
  const role = needOneOf(item.role, `${path}.role`, ['user', 'assistant', 'system', 'developer']);
  const content = readContent(item.content, `${path}.content`, refuse);
  if (content.length === 0 && Array.isArray(item.content) && item.content.length > 0) return;
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

function readOutput(item: Json, path: string, refuse: Refuse): Json {
  const content = joinTexts(readContent(item.output, `${path}.output`, refuse));
  return { role: 'tool', tool_call_id: needText(item.call_id, `${path}.call_id`), content };
}

function readItem(value: unknown, path: string, refuse: Refuse, conversation: Conversation): void {
  const item = needObject(value, path);
  const type = item.type ?? 'message';
  if (type === 'message') readMessage(item, path, refuse, conversation);
  else if (type === 'function_call') conversation.addCall(readCall(item, path));
  else if (type === 'function_call_output') conversation.add(readOutput(item, path, refuse));
  else if (type === 'reasoning') conversation.addReasoning(item);
  // What it refers to is part of the conversation.
  else if (type === 'item_reference') throw unsupported(`${path}.type`);
  else refuse(`${path}.type`);
}

/** Messages of which nothing is left are left out. @throws Problem invalid-request; unsupported-parameter for items that only OpenAI keeps or runs */
export function readInput(input: unknown, refuse: Refuse): Json[] {
  if (typeof input === 'string') return [{ role: 'user', content: needText(input, 'body.input') }];
  const conversation = new Conversation();
  for (const [index, item] of needFilledList(input, 'body.input').entries())
    readItem(item, `body.input[${index}]`, refuse, conversation);
  if (conversation.messages.length === 0) throw unsupported('input');
  return conversation.messages;
}
