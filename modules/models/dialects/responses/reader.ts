import { ChunkMaker } from '../chunk-maker.ts';
import type { ChatChunk, Json, StreamReader, WireEvent } from '../contract.ts';
import { entryOf, eventType, fieldsOf, objectOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readResponsesUsage } from '../token-count.ts';
import { readKeptThinking } from './kept-thinking.ts';
import { finishOf } from './read-answer.ts';

/** Texts of a response: by the name of their deltas, and by that under which they stand when they are whole. */
const texts: Readonly<Record<string, { delta: string; whole: string }>> = {
  output_text: { delta: 'content', whole: 'text' },
  refusal: { delta: 'refusal', whole: 'refusal' },
  reasoning_text: { delta: 'reasoning_content', whole: 'text' },
  reasoning_summary_text: { delta: 'reasoning_content', whole: 'text' },
};

class ResponsesReader implements StreamReader {
  readonly #chunks = new ChunkMaker();
  #calls = new Map<unknown, number>();
  /** Characters that have come of each text and of each call's arguments. */
  #sent = new Map<string, number>();
  #thinking: Json[] = [];
  #usage: unknown;

  read(event: WireEvent): ChatChunk[] {
    const json = objectOf(event);
    if (!json) throw unreadable('an event that is no JSON object');
    const type = eventType(event, json);
    switch (type) {
      case 'response.created':
        return this.#chunks.begin(fieldsOf(json.response));
      case 'response.output_item.added':
        return this.#openItem(json.output_index, fieldsOf(json.item));
      case 'response.output_item.done':
        return this.#closeItem(json.output_index, fieldsOf(json.item));
      case 'response.function_call_arguments.delta':
        return this.#sayArguments(json.output_index, textOf(json.delta));
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return this.#finish(fieldsOf(json.response));
      case 'error':
        throw unreadable('an error inside the stream');
      default:
        return this.#readText(type, json);
    }
  }

  end(): ChatChunk[] {
    return this.#chunks.count(readResponsesUsage(this.#usage));
  }

  /** A piece of a text, or what is left of one that comes whole. */
  #rest(key: string, whole: string): string {
    const rest = whole.slice(this.#sent.get(key) ?? 0);
    this.#sent.set(key, (this.#sent.get(key) ?? 0) + rest.length);
    return rest;
  }

  #count(key: string, piece: string): void {
    this.#sent.set(key, (this.#sent.get(key) ?? 0) + piece.length);
  }

  #readText(type: string, json: Json): ChatChunk[] {
    const [, name = '', kind] = /^response\.(\w+)\.(delta|done)$/.exec(type) ?? [];
    const text = entryOf(texts, name);
    if (!text) return [];
    const key = `${name} ${String(json.output_index)} ${String(json.content_index ?? json.summary_index)}`;
    if (kind === 'delta') this.#count(key, textOf(json.delta));
    const piece = kind === 'delta' ? textOf(json.delta) : this.#rest(key, textOf(json[text.whole]));
    return piece === '' ? [] : this.#chunks.say({ [text.delta]: piece });
  }

  #openItem(position: unknown, item: Json): ChatChunk[] {
    if (item.type !== 'function_call') return [];
    const index = this.#calls.size;
    this.#calls.set(position, index);
    const called = { name: item.name, arguments: '' };
    return this.#chunks.say({ tool_calls: [{ index, id: item.call_id, type: 'function', function: called }] });
  }

  #sayArguments(position: unknown, piece: string): ChatChunk[] {
    const index = this.#calls.get(position);
    if (index === undefined || piece === '') return [];
    this.#count(`call ${index}`, piece);
    return this.#chunks.say({ tool_calls: [{ index, function: { arguments: piece } }] });
  }

  #closeItem(position: unknown, item: Json): ChatChunk[] {
    if (item.type === 'function_call') {
      const index = this.#calls.get(position);
      const rest = textOf(item.arguments).slice(this.#sent.get(`call ${index}`) ?? 0);
      return this.#sayArguments(position, rest);
    }
    const thinking = item.type === 'reasoning' ? readKeptThinking(item.encrypted_content) : [];
    if (thinking.length === 0) return [];
    this.#thinking.push(...thinking);
    return this.#chunks.say({ x_anthropic: { thinking: [...this.#thinking] } });
  }

  #finish(response: Json): ChatChunk[] {
    this.#usage = response.usage;
    return this.#chunks.finish(finishOf(response, this.#calls.size));
  }
}

/** Reads a stream of OpenAI's responses. */
export const createResponsesReader = (): StreamReader => new ResponsesReader();
