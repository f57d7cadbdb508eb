import type { ChatChunk, Json, StreamReader, WireEvent } from '../contract.ts';
import { entryOf, isJson, objectOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readResponsesUsage, writeChatUsage } from '../token-count.ts';
import { readKeptThinking } from './kept-thinking.ts';
import { typeOf } from './meaning.ts';
import { finishOf } from './read-answer.ts';

/** Texts of a response: by the name of their deltas, and by that under which they stand when they are whole. */
const texts: Readonly<Record<string, { delta: string; whole: string }>> = {
  output_text: { delta: 'content', whole: 'text' },
  refusal: { delta: 'refusal', whole: 'refusal' },
  reasoning_text: { delta: 'reasoning_content', whole: 'text' },
  reasoning_summary_text: { delta: 'reasoning_content', whole: 'text' },
};

class ResponsesReader implements StreamReader {
  #frame: Json = { id: '', object: 'chat.completion.chunk', created: 0, model: '' };
  #calls = new Map<unknown, number>();
  /** Characters that have come of each text and of each call's arguments. */
  #sent = new Map<string, number>();
  #thinking: Json[] = [];
  #usage: unknown;

  read(event: WireEvent): ChatChunk[] {
    const json = objectOf(event);
    if (!json) throw unreadable('an event that is no JSON object');
    const type = typeOf(event, json);
    switch (type) {
      case 'response.created':
        return this.#start(isJson(json.response) ? json.response : {});
      case 'response.output_item.added':
        return this.#openItem(json.output_index, isJson(json.item) ? json.item : {});
      case 'response.output_item.done':
        return this.#closeItem(json.output_index, isJson(json.item) ? json.item : {});
      case 'response.function_call_arguments.delta':
        return this.#sayArguments(json.output_index, textOf(json.delta));
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return this.#finish(isJson(json.response) ? json.response : {});
      case 'error':
        throw unreadable('an error inside the stream');
      default:
        return this.#readText(type, json);
    }
  }

  end(): ChatChunk[] {
    const count = readResponsesUsage(this.#usage);
    return count ? [this.#chunk([], { usage: writeChatUsage(count) })] : [];
  }

  #chunk(choices: Json[], rest: Json = {}): ChatChunk {
    return { ...this.#frame, choices, ...rest } as unknown as ChatChunk;
  }

  #say(delta: Json): ChatChunk[] {
    return [this.#chunk([{ index: 0, delta, logprobs: null, finish_reason: null }])];
  }

  #start(response: Json): ChatChunk[] {
    const created = typeof response.created_at === 'number' ? response.created_at : Date.now() / 1000;
    this.#frame = {
      ...this.#frame,
      id: textOf(response.id),
      created: Math.floor(created),
      model: textOf(response.model),
    };
    return this.#say({ role: 'assistant', content: '' });
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
    return piece === '' ? [] : this.#say({ [text.delta]: piece });
  }

  #openItem(position: unknown, item: Json): ChatChunk[] {
    if (item.type !== 'function_call') return [];
    const index = this.#calls.size;
    this.#calls.set(position, index);
    const called = { name: item.name, arguments: '' };
    return this.#say({ tool_calls: [{ index, id: item.call_id, type: 'function', function: called }] });
  }

  #sayArguments(position: unknown, piece: string): ChatChunk[] {
    const index = this.#calls.get(position);
    if (index === undefined || piece === '') return [];
    this.#count(`call ${index}`, piece);
    return this.#say({ tool_calls: [{ index, function: { arguments: piece } }] });
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
    return this.#say({ x_anthropic: { thinking: [...this.#thinking] } });
  }

  #finish(response: Json): ChatChunk[] {
    this.#usage = response.usage;
    return [this.#chunk([{ index: 0, delta: {}, logprobs: null, ...finishOf(response, this.#calls.size) }])];
  }
}

/** Reads a stream of OpenAI's responses. */
export const createResponsesReader = (): StreamReader => new ResponsesReader();
