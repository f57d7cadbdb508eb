import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import OpenAI from 'openai';
import type { ChatChunk, Dialect, Json, StreamReader, WireEvent } from './contract.ts';

/** The events of a whole stream, as a client sees them; comments are left out. */
export function eventsOf(text: string): WireEvent[] {
  const events: WireEvent[] = [];
  for (const block of text.split(/\r\n\r\n|\n\n|\r\r/)) {
    const lines = block.split(/\r\n|\n|\r/).filter((line) => line !== '' && !line.startsWith(':'));
    const fieldsOf = (name: string) =>
      lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).replace(/^ /, ''));
    const [event] = fieldsOf('event');
    const data = fieldsOf('data');
    if (data.length > 0) events.push({ ...(event !== undefined && { event }), data: data.join('\n') });
  }
  return events;
}

export const event = (data: Json, name?: string): WireEvent => ({
  ...(name !== undefined && { event: name }),
  data: JSON.stringify(data),
});

/** A piece of a stream of chat completions. */
export const chunk = (choices: Json[], rest: Json = {}): Json => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'gpt-x',
  choices,
  ...rest,
});

export const delta = (fields: Json, rest: Json = {}, index = 0): Json =>
  chunk([{ index, delta: fields, finish_reason: null, ...rest }]);

/** What a reader makes of events, the end included. */
export function readAll(reader: StreamReader, events: readonly WireEvent[]): ChatChunk[] {
  return [...events.flatMap((one) => reader.read({ ...one })), ...reader.end()];
}

/** What a dialect writes of chunks, the end included. */
export function writeAll(
  dialect: Dialect,
  chunks: readonly (Json | ChatChunk)[],
  options: { model?: string; includeUsage?: boolean } = {},
): string {
  const writer = dialect.createWriter({ model: 'route', includeUsage: true, ...options });
  return chunks.map((one) => writer.write(one as ChatChunk)).join('') + writer.end();
}

/** Text, reasoning and calls of the first choice, put together. */
export function gather(chunks: readonly ChatChunk[]) {
  const gathered = { text: '', reasoning: '', calls: [] as { id: string; name: string; arguments: string }[] };
  let [finish, usage]: [string | undefined, unknown] = [undefined, undefined];
  for (const one of chunks) {
    if (one.usage) usage = one.usage;
    for (const choice of one.choices) {
      const said = choice.delta as Json;
      gathered.text += (said.content as string | undefined) ?? '';
      gathered.reasoning += (said.reasoning_content as string | undefined) ?? '';
      for (const call of choice.delta.tool_calls ?? []) {
        gathered.calls[call.index] ??= { id: '', name: '', arguments: '' };
        const known = gathered.calls[call.index] as { id: string; name: string; arguments: string };
        known.id += call.id ?? '';
        known.name += call.function?.name ?? '';
        known.arguments += call.function?.arguments ?? '';
      }
      finish = choice.finish_reason ?? finish;
    }
  }
  return { ...gathered, finish, usage };
}

/** A server that answers with bytes, of which those up to each cut come first. */
const answerWith = (bytes: Uint8Array, cuts: readonly number[], contentType: string) => async () => {
  const ends = [...cuts, bytes.length];
  const pieces = ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': contentType } });
};

interface Served {
  body: string | Json;
  cuts?: readonly number[];
}

const fetchOf = ({ body, cuts = [] }: Served) =>
  typeof body === 'string'
    ? answerWith(new TextEncoder().encode(body), cuts, 'text/event-stream')
    : answerWith(new TextEncoder().encode(JSON.stringify(body)), cuts, 'application/json');

/** OpenAI's client, connected to a server that always answers the same. */
export const openai = (served: Served) =>
  new OpenAI({ apiKey: 'test', baseURL: 'http://gateway.test/v1', maxRetries: 0, fetch: fetchOf(served) });

/** Anthropic's. */
export const anthropic = (served: Served) =>
  new Anthropic({ apiKey: 'test', baseURL: 'http://gateway.test', maxRetries: 0, fetch: fetchOf(served) });

/** Every position between two bytes of a text. */
const cutsOf = (text: string): number[] =>
  Array.from({ length: new TextEncoder().encode(text).length - 1 }, (_, index) => index + 1);

/** Ways to cut a text: byte by byte, and once at each of some positions. */
export function waysToCut(text: string): number[][] {
  const cuts = cutsOf(text);
  return [cuts, ...cuts.filter((cut) => cut % 97 === 0).map((cut) => [cut])];
}

const words = fc.string({ maxLength: 6 });

/** Arguments of a tool. */
export const toolInput: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom('a', 'b', 'ключ', '"}', ' '),
  fc.oneof(
    words,
    fc.nat(),
    fc.boolean(),
    fc.constant(null),
    fc.array(words, { maxLength: 3 }),
    fc.record({ '{': words }),
  ),
  { maxKeys: 3, noNullPrototype: true },
);
