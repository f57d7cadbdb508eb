import { randomUUID } from 'node:crypto';
import { thinkingOf } from '../anthropic-extras.ts';
import { reasoningOf } from '../chat/meaning.ts';
import { newCallId } from '../chat/read-answer.ts';
import { type CallPiece, callPiecesOf, firstChoiceOf } from '../chat/read-chunk.ts';
import type { ChatChunk, Json, StreamWriter } from '../contract.ts';
import { fieldsOf, isJson, isSet, parseObject, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import { readChatUsage, writeAnthropicUsage } from '../token-count.ts';
import { writeStopReason } from './stop-reasons.ts';
import { messageId } from './write-answer.ts';

interface Call {
  id: string;
  name: string;
  /** All of its arguments so far. */
  text: string;
  /** Of them, how much is written. */
  written: number;
  /** Of them, how much was looked at for their end, and whether it was found. */
  checked: number;
  isWhole: boolean;
  state: 'waiting' | 'open' | 'closed';
}

const newCall = (): Call => ({
  id: '',
  name: '',
  text: '',
  written: 0,
  checked: 0,
  isWhole: false,
  state: 'waiting',
});

/** Whether a call's arguments are whole, so that nothing but white space may follow. */
function isWhole(call: Call): boolean {
  if (call.checked === call.text.length) return call.isWhole;
  call.checked = call.text.length;
  // A brace at its end may belong to an inner object.
  call.isWhole = call.text.trimEnd().endsWith('}') && parseObject(call.text) !== undefined;
  return call.isWhole;
}

/**
 * Writes a stream of Anthropic's messages, in which one block is open at a time: a block is closed before the next is opened, and
 * what comes early of another call waits until the open one is whole. Why the answer ended is said at the end, with the count.
 */
class MessagesWriter implements StreamWriter {
  readonly #model: string;
  #isBegun = false;
  #blocks = 0;
  #open: 'text' | 'thinking' | Call | undefined;
  #calls = new Map<number, Call>();
  /** Text and reasoning that came while a call was open. */
  #late: { kind: 'text' | 'thinking'; piece: string }[] = [];
  /** Blocks of thinking with their signatures, and how many of them are written. */
  #thinking: Json[] = [];
  #signed = 0;
  #ended: Json = {};
  #isRefused = false;
  #usage: unknown;

  constructor(model: string) {
    this.#model = model;
  }

  write(chunk: ChatChunk): string {
    let text = this.#begin(chunk.id);
    if (isJson(chunk.usage)) this.#usage = chunk.usage;
    for (const choice of firstChoiceOf(chunk)) {
      text += this.#writeDelta(fieldsOf(choice.delta));
      if (isSet(choice.finish_reason)) this.#ended = choice;
    }
    return text;
  }

  end(): string {
    let text = this.#begin('');
    for (const call of this.#inOrder()) text += this.#openCall(call);
    text += this.#close();
    text += this.#writeLate() + this.#writeSigned() + this.#close();
    const usage = writeAnthropicUsage(readChatUsage(this.#usage) ?? { input: 0, output: 0 });
    const reason = this.#isRefused ? 'refusal' : writeStopReason(this.#ended, this.#calls.size);
    const delta = { stop_reason: reason, stop_sequence: null };
    return `${text}${this.#event('message_delta', { delta, usage })}${this.#event('message_stop')}`;
  }

  #event(type: string, fields: Json = {}): string {
    return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  }

  #begin(id: unknown): string {
    if (this.#isBegun) return '';
    this.#isBegun = true;
    const message = {
      id: messageId(id || randomUUID()),
      type: 'message',
      role: 'assistant',
      model: this.#model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: writeAnthropicUsage({ input: 0, output: 0 }),
    };
    return this.#event('message_start', { message });
  }

  #writeDelta(delta: Json): string {
    let text = this.#writeText(reasoningOf(delta), 'thinking');
    const thinking = thinkingOf(delta);
    if (thinking.length > 0) {
      this.#thinking = thinking;
      text += this.#writeSigned();
    }
    text += this.#writeText(textOf(delta.content), 'text');
    if (textOf(delta.refusal) !== '') {
      this.#isRefused = true;
      text += this.#writeText(textOf(delta.refusal), 'text');
    }
    for (const piece of callPiecesOf(delta)) text += this.#writeCall(piece);
    return text;
  }

  #start(block: Json): string {
    return this.#event('content_block_start', { index: this.#blocks, content_block: block });
  }

  #delta(delta: Json): string {
    return this.#event('content_block_delta', { index: this.#blocks, delta });
  }

  #close(): string {
    if (this.#open === undefined) return '';
    if (typeof this.#open === 'object') this.#open.state = 'closed';
    this.#open = undefined;
    this.#blocks += 1;
    return this.#event('content_block_stop', { index: this.#blocks - 1 });
  }

  #writeLate(): string {
    const late = this.#late;
    this.#late = [];
    return late.map(({ kind, piece }) => this.#writeText(piece, kind)).join('');
  }

  #writeText(piece: string, kind: 'text' | 'thinking'): string {
    if (piece === '') return '';
    if (this.#isWithinCall()) {
      this.#late.push({ kind, piece });
      return '';
    }
    let text = this.#writeLate();
    if (this.#open !== kind) {
      text += this.#close();
      const empty = kind === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' };
      text += this.#start(empty);
      this.#open = kind;
    }
    return (
      text +
      this.#delta(kind === 'text' ? { type: 'text_delta', text: piece } : { type: 'thinking_delta', thinking: piece })
    );
  }

  /** Whether a call is open whose arguments may go on. */
  #isWithinCall(): boolean {
    return typeof this.#open === 'object' && !isWhole(this.#open);
  }

  /** The text of signed thinking came before, piece by piece. */
  #writeSigned(): string {
    let text = '';
    for (const block of this.#thinking.slice(this.#signed)) {
      if (this.#isWithinCall()) break;
      this.#signed += 1;
      if (block.type === 'redacted_thinking') {
        text += this.#close() + this.#start(block) + this.#event('content_block_stop', { index: this.#blocks });
        this.#blocks += 1;
        continue;
      }
      if (this.#open !== 'thinking') text += this.#writeText(textOf(block.thinking), 'thinking');
      if (this.#open !== 'thinking') continue;
      text += this.#delta({ type: 'signature_delta', signature: textOf(block.signature) }) + this.#close();
    }
    return text;
  }

  #writeCall({ index, id, name, text }: CallPiece): string {
    const call = this.#calls.get(index) ?? newCall();
    this.#calls.set(index, call);
    call.id ||= id;
    call.name ||= name;
    call.text += text;
    if (call.state === 'open') return this.#writeArguments(call);
    if (call.state === 'closed') {
      if (call.text.slice(call.written).trim() !== '') throw unreadable('arguments of a tool after their end');
      return '';
    }
    if (call.name === '' || this.#isWithinCall()) return '';
    return this.#openCall(call);
  }

  #writeArguments(call: Call): string {
    const rest = call.text.slice(call.written);
    call.written = call.text.length;
    return rest === '' ? '' : this.#delta({ type: 'input_json_delta', partial_json: rest });
  }

  #openCall(call: Call): string {
    if (call.state !== 'waiting') return '';
    if (call.name === '') throw unreadable('a call of a tool without its name');
    const text = this.#close();
    this.#open = call;
    call.state = 'open';
    const block = { type: 'tool_use', id: call.id || newCallId(), name: call.name, input: {} };
    return text + this.#start(block) + this.#writeArguments(call);
  }

  #inOrder(): Call[] {
    return [...this.#calls].sort(([a], [b]) => a - b).map(([, call]) => call);
  }
}

export const createMessagesWriter = ({ model }: { model: string }): StreamWriter => new MessagesWriter(model);
