import type OpenAI from 'openai';
import type { Problem } from '../../../platform/kernel/problem.ts';

/** Formats in which callers speak of conversations: OpenAI's chat completions and responses, Anthropic's messages. */
export type DialectName = 'chat' | 'responses' | 'messages';

/** A JSON object of a request or an answer; fields that we do not know are kept. */
export type Json = Record<string, unknown>;

/**
 * What every format is translated through where caller and upstream differ: the wire format of OpenAI's chat completions, with
 * `reasoning_content` for what a model thought, `x_stop_reason` for an end that OpenAI has no word for, and `x_anthropic` for what
 * Anthropic needs back to continue a conversation.
 */
export type ChatBody = Omit<OpenAI.ChatCompletionCreateParams, 'stream'> & Json;
export type ChatAnswer = OpenAI.ChatCompletion & Json;
export type ChatChunk = OpenAI.ChatCompletionChunk & Json;

/** Tokens of one call, as its bill needs them. */
export interface TokenCount {
  /** All tokens of the prompt, those cached and those written to a cache among them. */
  input: number;
  /** Missing when the upstream does not say; 0 is something else. */
  cached?: number;
  cacheWrite?: number;
  /** All tokens of the answer, reasoning among them. */
  output: number;
  reasoning?: number;
}

/** One event of a stream of server-sent events. */
export interface WireEvent {
  event?: string;
  data: string;
  /** The data as an object, kept by the first that parses it; null when it is none. */
  json?: Json | null;
}

/** What an event of a stream means to the gateway, which may pass it on as bytes. */
export interface Meaning {
  /** A piece of text, of reasoning, of a tool call or of audio: the answer has begun. */
  hasContent: boolean;
  /** Of text, reasoning and arguments of tools in this event, for an estimate where the upstream counts nothing. */
  characters?: number;
  /** The stream is complete. */
  isEnd: boolean;
  /** Says why the answer ends. Some upstreams close the stream after it, without the end of their format. */
  isFinish?: boolean;
  /** The count, so far or final; the last one is billed. */
  usage?: TokenCount;
  /** Nothing but a count, such as the chunk of OpenAI's `include_usage`. */
  isUsageOnly?: boolean;
  /** An error inside the stream, whose status was 200: what the status would have been, and the upstream's code for it. */
  error?: { status: number; code: string };
}

/** How an upstream that speaks a format is asked and understood. */
export interface Wire {
  readonly name: string;
  /**
   * A request in this format; `model`, `stream` and limits that must be there are set by it.
   * @throws Problem unsupported-parameter naming what this format cannot say
   */
  writeRequest(body: ChatBody, options: WriteOptions): Json;
  /** @throws Problem invalid-upstream-answer */
  readAnswer(answer: Json): ChatAnswer;
  /** Undefined when the answer does not say. */
  readUsage(answer: Json): TokenCount | undefined;
  /**
   * Undefined for an event that this format has no meaning for, which is passed on.
   * @param before the last count of the stream: Anthropic's events hold only the figures that have changed since then
   */
  meaningOf(event: WireEvent, before?: TokenCount): Meaning | undefined;
  /** Reads one stream into chunks; the usage is in the last one, `choices: []`. @throws Problem invalid-upstream-answer */
  createReader(): StreamReader;
}

export interface WriteOptions {
  /** The model's name at the upstream. */
  model: string;
  stream: boolean;
  /** Tokens of an answer where the request sets no limit and the format wants one. */
  maxOutput?: number;
  /** Leaves out what the format cannot say, where the route allows it; called with each name. */
  drop?: ((parameter: string) => void) | undefined;
}

export interface StreamReader {
  read(event: WireEvent): ChatChunk[];
  /** What is still to be said when the stream ended in good order. */
  end(): ChatChunk[];
}

/** A format that callers speak too. */
export interface Dialect extends Wire {
  readonly name: DialectName;
  /**
   * The same request as a chat completion, for upstreams that do not speak this dialect.
   * @param drop as that of `WriteOptions`, for what no chat completion can say
   * @throws Problem invalid-request naming the place, unsupported-parameter
   */
  readRequest(body: Json, drop?: WriteOptions['drop']): ChatBody;
  /** @param model the name that the caller gave */
  writeAnswer(answer: ChatAnswer, model: string): Json;
  /** Writes one stream for a caller. */
  createWriter(options: { model: string; includeUsage: boolean }): StreamWriter;
  /** A problem as this dialect's SDKs expect it, without internal words. */
  writeError(problem: Problem, requestId: string): { status: number; headers: Record<string, string>; body: Json };
  /**
   * The last event of a stream that fails after it began. No end in good order follows it.
   * @param sent the events that went out last, whose numbers it continues in a format that numbers them
   */
  writeStreamError(problem: Problem, requestId: string, sent?: Buffer): string;
}

export interface StreamWriter {
  /** Bytes for the caller, as text; '' for nothing. */
  write(chunk: ChatChunk): string;
  /** The end in good order, with the usage where it is due. */
  end(): string;
}
