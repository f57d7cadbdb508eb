import { ChunkMaker } from '../chunk-maker.ts';
import type { ChatChunk, Json, StreamReader, WireEvent } from '../contract.ts';
import { eventType, fieldsOf, isSet, objectOf, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { type AnthropicFigures, countFigures, updateFigures } from '../token-count.ts';
import { readStopReason } from './stop-reasons.ts';
import { ANSWER_TOOL } from './write-tools.ts';

/** A block that is open. `call`: its number among the calls, not among the blocks. */
interface Block {
  type: string;
  call: number | undefined;
  /** What its start held, sent unless fragments follow. */
  input: string;
  thinking: Json | undefined;
}

class MessagesReader implements StreamReader {
  readonly #chunks = new ChunkMaker();
  #figures: AnthropicFigures = {};
  #blocks = new Map<unknown, Block>();
  #thinking: Json[] = [];
  #calls = 0;

  read(event: WireEvent): ChatChunk[] {
    const json = objectOf(event);
    if (!json) throw unreadable('an event that is no JSON object');
    switch (eventType(event, json)) {
      case 'message_start':
        return this.#start(fieldsOf(json.message));
      case 'content_block_start':
        return this.#openBlock(json.index, fieldsOf(json.content_block));
      case 'content_block_delta':
        return this.#readDelta(this.#blocks.get(json.index), fieldsOf(json.delta));
      case 'content_block_stop':
        return this.#closeBlock(json.index);
      case 'message_delta':
        return this.#finish(json);
      case 'error':
        throw unreadable('an error inside the stream');
      default:
        return [];
    }
  }

  end(): ChatChunk[] {
    return this.#chunks.count(countFigures(this.#figures));
  }

  #start(message: Json): ChatChunk[] {
    this.#figures = updateFigures(this.#figures, message.usage);
    return this.#chunks.begin(message);
  }

  #openBlock(index: unknown, block: Json): ChatChunk[] {
    const type = textOf(block.type);
    const isAnswer = type === 'tool_use' && block.name === ANSWER_TOOL;
    const call = type === 'tool_use' && !isAnswer ? this.#calls++ : undefined;
    const input = type === 'tool_use' ? JSON.stringify(fieldsOf(block.input)) : '';
    const thinking = type === 'thinking' || type === 'redacted_thinking' ? { ...block } : undefined;
    this.#blocks.set(index, { type: isAnswer ? 'answer' : type, call, input, thinking });
    if (call !== undefined) {
      const called = { name: block.name, arguments: '' };
      return this.#chunks.say({ tool_calls: [{ index: call, id: block.id, type: 'function', function: called }] });
    }
    if (type === 'text' && textOf(block.text) !== '') return this.#chunks.say({ content: block.text });
    return type === 'thinking' && textOf(block.thinking) !== ''
      ? this.#chunks.say({ reasoning_content: block.thinking })
      : [];
  }

  #sayInput(block: Block, text: string): ChatChunk[] {
    if (block.call === undefined) return this.#chunks.say({ content: text });
    return this.#chunks.say({ tool_calls: [{ index: block.call, function: { arguments: text } }] });
  }

  #readDelta(block: Block | undefined, delta: Json): ChatChunk[] {
    if (!block) return [];
    const text = textOf(delta.text);
    if (delta.type === 'text_delta') return text === '' ? [] : this.#chunks.say({ content: text });
    const fragment = textOf(delta.partial_json);
    if (delta.type === 'input_json_delta' && fragment !== '') {
      block.input = '';
      return this.#sayInput(block, fragment);
    }
    if (!block.thinking) return [];
    if (delta.type === 'signature_delta')
      block.thinking.signature = textOf(block.thinking.signature) + textOf(delta.signature);
    const thought = textOf(delta.thinking);
    if (delta.type !== 'thinking_delta' || thought === '') return [];
    block.thinking.thinking = textOf(block.thinking.thinking) + thought;
    return this.#chunks.say({ reasoning_content: thought });
  }

  /** Signed thinking comes whole, with all before it: clients that put deltas together keep the last. */
  #closeBlock(index: unknown): ChatChunk[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    if (!block) return [];
    if (block.input !== '') return this.#sayInput(block, block.input);
    if (!block.thinking) return [];
    this.#thinking.push(block.thinking);
    return this.#chunks.say({ x_anthropic: { thinking: [...this.#thinking] } });
  }

  #finish(json: Json): ChatChunk[] {
    this.#figures = updateFigures(this.#figures, json.usage);
    const reason = fieldsOf(json.delta).stop_reason;
    return isSet(reason) ? this.#chunks.finish(readStopReason(reason, this.#calls)) : [];
  }
}

/** Reads a stream of Anthropic's messages. */
export const createMessagesReader = (): StreamReader => new MessagesReader();
