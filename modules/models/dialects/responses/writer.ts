import { randomUUID } from 'node:crypto';
import { thinkingOf } from '../anthropic-extras.ts';
import { reasoningOf } from '../chat/meaning.ts';
import { newCallId } from '../chat/read-answer.ts';
import { type CallPiece, callPiecesOf, firstChoiceOf } from '../chat/read-chunk.ts';
import type { ChatChunk, Json, StreamWriter } from '../contract.ts';
import { fieldsOf, isJson, isSet, textOf } from '../json.ts';
import { unreadable } from '../refuse.ts';
import {
  callItem,
  endOf,
  messageItem,
  reasoningItem,
  refusalPart,
  responseBody,
  responseId,
  textPart,
} from './response-body.ts';

interface Reasoning {
  kind: 'reasoning';
  id: string;
  position: number;
  text: string;
  thinking: Json[];
}

interface Message {
  kind: 'message';
  id: string;
  position: number;
  parts: { type: 'text' | 'refusal'; text: string }[];
}

interface Call {
  id: string;
  position: number;
  callId: string;
  name: string;
  text: string;
}

const partOf = ({ type, text }: Message['parts'][number]): Json =>
  type === 'text' ? textPart(text) : refusalPart(text);

/**
 * Writes a stream of OpenAI's responses: reasoning, messages and calls are items of the output, each begun and done. Calls may be
 * begun next to each other and are done at the end; a message or reasoning is done when something else begins.
 */
class ResponsesWriter implements StreamWriter {
  readonly #model: string;
  #body: Json | undefined;
  #sequence = 0;
  #output: Json[] = [];
  #open: Reasoning | Message | undefined;
  #calls = new Map<number, Call>();
  /** What has come of calls before their name. */
  #waiting = new Map<number, { id: string; text: string }>();
  /** Blocks of signed thinking that are in an item. */
  #kept = 0;
  #ended: Json = {};
  #usage: unknown;

  constructor(model: string) {
    this.#model = model;
  }

  write(chunk: ChatChunk): string {
    let text = this.#begin(chunk);
    if (isJson(chunk.usage)) this.#usage = chunk.usage;
    for (const choice of firstChoiceOf(chunk)) {
      text += this.#writeDelta(fieldsOf(choice.delta));
      if (isSet(choice.finish_reason)) this.#ended = choice;
    }
    return text;
  }

  end(): string {
    let text = this.#begin({});
    const end = endOf(this.#ended, this.#usage);
    const status = textOf(end.status);
    text += this.#close(status);
    if (this.#waiting.size > 0) throw unreadable('a call of a tool without its name');
    for (const call of this.#calls.values()) text += this.#closeCall(call, status);
    const response = { ...this.#body, ...end, output: this.#output };
    return text + this.#event(`response.${status}`, { response });
  }

  #event(type: string, fields: Json): string {
    const data = { type, sequence_number: this.#sequence++, ...fields };
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  #begin(chunk: Json): string {
    if (this.#body) return '';
    const createdAt =
      typeof chunk.created === 'number' && chunk.created > 0 ? chunk.created : Math.floor(Date.now() / 1000);
    const response = responseBody({ id: responseId(chunk.id || randomUUID()), createdAt, model: this.#model });
    this.#body = response;
    return this.#event('response.created', { response }) + this.#event('response.in_progress', { response });
  }

  #writeDelta(delta: Json): string {
    let text = '';
    const reasoning = reasoningOf(delta);
    if (reasoning !== '') text += this.#writeReasoning(reasoning);
    text += this.#keepThinking(thinkingOf(delta));
    if (textOf(delta.content) !== '') text += this.#writeText(textOf(delta.content), 'text');
    if (textOf(delta.refusal) !== '') text += this.#writeText(textOf(delta.refusal), 'refusal');
    for (const piece of callPiecesOf(delta)) text += this.#writeCall(piece);
    return text;
  }

  /** Gives the next place in the output, and an identifier made of it. */
  #place(prefix: string): { id: string; position: number } {
    const position = this.#output.length;
    this.#output.push({});
    return { id: `${prefix}_${textOf(this.#body?.id).slice('resp_'.length)}_${position}`, position };
  }

  #added(position: number, item: Json): string {
    return this.#event('response.output_item.added', { output_index: position, item });
  }

  #done(position: number, item: Json): string {
    this.#output[position] = item;
    return this.#event('response.output_item.done', { output_index: position, item });
  }

  #openReasoning(): { text: string; item: Reasoning } {
    if (this.#open?.kind === 'reasoning') return { text: '', item: this.#open };
    const text = this.#close('completed');
    const item: Reasoning = { kind: 'reasoning', ...this.#place('rs'), text: '', thinking: [] };
    this.#open = item;
    return { text: text + this.#added(item.position, reasoningItem(item.id, '', [])), item };
  }

  #writeReasoning(piece: string): string {
    const { text, item } = this.#openReasoning();
    const place = { item_id: item.id, output_index: item.position, summary_index: 0 };
    const part = { type: 'summary_text', text: '' };
    const begun = item.text === '' ? this.#event('response.reasoning_summary_part.added', { ...place, part }) : '';
    item.text += piece;
    return text + begun + this.#event('response.reasoning_summary_text.delta', { ...place, delta: piece });
  }

  /** The list holds all signed thinking so far. */
  #keepThinking(blocks: Json[]): string {
    const fresh = blocks.slice(this.#kept);
    if (fresh.length === 0) return '';
    this.#kept = blocks.length;
    const { text, item } = this.#openReasoning();
    item.thinking.push(...fresh);
    return text;
  }

  #writeText(piece: string, type: 'text' | 'refusal'): string {
    let text = '';
    if (this.#open?.kind !== 'message') {
      text += this.#close('completed');
      this.#open = { kind: 'message', ...this.#place('msg'), parts: [] };
      text += this.#added(this.#open.position, messageItem(this.#open.id, 'in_progress', []));
    }
    const message = this.#open;
    if (message.parts.at(-1)?.type !== type) {
      text += this.#closePart(message);
      message.parts.push({ type, text: '' });
      const part = partOf({ type, text: '' });
      text += this.#event('response.content_part.added', { ...this.#placeOfPart(message), part });
    }
    (message.parts.at(-1) as { text: string }).text += piece;
    const name = type === 'text' ? 'output_text' : 'refusal';
    const rest = type === 'text' ? { delta: piece, logprobs: [] } : { delta: piece };
    return text + this.#event(`response.${name}.delta`, { ...this.#placeOfPart(message), ...rest });
  }

  #placeOfPart(message: Message): Json {
    return { item_id: message.id, output_index: message.position, content_index: message.parts.length - 1 };
  }

  #closePart(message: Message): string {
    const last = message.parts.at(-1);
    if (!last) return '';
    const place = this.#placeOfPart(message);
    const done =
      last.type === 'text'
        ? this.#event('response.output_text.done', { ...place, text: last.text, logprobs: [] })
        : this.#event('response.refusal.done', { ...place, refusal: last.text });
    return done + this.#event('response.content_part.done', { ...place, part: partOf(last) });
  }

  /** Ends the open message or reasoning. */
  #close(status: string): string {
    const open = this.#open;
    this.#open = undefined;
    if (open?.kind === 'message')
      return this.#closePart(open) + this.#done(open.position, messageItem(open.id, status, open.parts.map(partOf)));
    if (!open) return '';
    let text = '';
    if (open.text !== '') {
      const place = { item_id: open.id, output_index: open.position, summary_index: 0 };
      text += this.#event('response.reasoning_summary_text.done', { ...place, text: open.text });
      const part = { type: 'summary_text', text: open.text };
      text += this.#event('response.reasoning_summary_part.done', { ...place, part });
    }
    return text + this.#done(open.position, reasoningItem(open.id, open.text, open.thinking));
  }

  #writeCall({ index, name, ...piece }: CallPiece): string {
    const known = this.#calls.get(index);
    if (known) return this.#writeArguments(known, piece.text);
    const waiting = this.#waiting.get(index) ?? { id: '', text: '' };
    waiting.id ||= piece.id;
    waiting.text += piece.text;
    this.#waiting.set(index, waiting);
    if (name === '') return '';
    this.#waiting.delete(index);
    const text = this.#close('completed');
    const call: Call = { ...this.#place('fc'), callId: waiting.id || newCallId(), name, text: '' };
    this.#calls.set(index, call);
    const item = callItem(call.id, 'in_progress', { id: call.callId, name, text: '' });
    return text + this.#added(call.position, item) + this.#writeArguments(call, waiting.text);
  }

  #writeArguments(call: Call, piece: string): string {
    call.text += piece;
    const place = { item_id: call.id, output_index: call.position };
    return piece === '' ? '' : this.#event('response.function_call_arguments.delta', { ...place, delta: piece });
  }

  #closeCall(call: Call, status: string): string {
    const place = { item_id: call.id, output_index: call.position };
    const done = this.#event('response.function_call_arguments.done', {
      ...place,
      name: call.name,
      arguments: call.text,
    });
    const item = callItem(call.id, status, { id: call.callId, name: call.name, text: call.text });
    return done + this.#done(call.position, item);
  }
}

export const createResponsesWriter = ({ model }: { model: string }): StreamWriter => new ResponsesWriter(model);
