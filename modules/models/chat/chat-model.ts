import type { Turn, TurnRefusal } from '../upstream/upstream-state.ts';

export type ContentPart = { type: 'text'; text: string } | { type: 'image'; url: string };

/** A call that a model wants made. `arguments` is JSON as the model wrote it, which may be wrong. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

export type ChatMessage =
  | { role: 'system' | 'user'; content: string | readonly ContentPart[] }
  | { role: 'assistant'; content: string; toolCalls?: readonly ToolCall[] }
  | { role: 'tool'; content: string; toolCallId: string };

export interface ChatTool {
  name: string;
  description?: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ChatRequest {
  /** Model name at the provider. */
  model: string;
  messages: readonly ChatMessage[];
  tools?: readonly ChatTool[];
  maxTokens?: number;
  temperature?: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** From `begin`, of a model that has it. */
  turn?: Turn | undefined;
}

export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
  /** Part of `promptTokens` that the provider had cached. */
  cachedTokens: number;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'filtered' | 'other';

/** Pieces of text, then calls of tools, then one `finish`; the count of tokens comes last. */
export type ChatEvent =
  | { type: 'text'; text: string }
  | { type: 'tool-call'; call: ToolCall }
  | { type: 'finish'; reason: FinishReason }
  | ({ type: 'usage' } & TokenUsage);

export interface ChatModel {
  /**
   * Takes the right to make one call, which the call ends; or says why it may not be made now. Missing where any number of calls may be.
   * @throws the signal's reason once it aborts
   */
  begin?(options: { waitMs: number; signal: AbortSignal }): Promise<Turn | TurnRefusal>;
  /**
   * One call of the provider, never repeated.
   * @throws AiFailure before or between events when the provider cannot continue
   */
  stream(request: ChatRequest, options: CallOptions): AsyncIterable<ChatEvent>;
}

/** A model and what it is asked. */
export interface ChatCall {
  chat: ChatModel;
  request: ChatRequest;
  /** What the configuration calls it; for the books. */
  target?: CalledTarget;
}

/** How the books name whom a call was made of. */
export interface CalledTarget {
  route: string;
  target: string;
  provider: string;
  /** Name of its price. */
  price: string;
}

/** All text of a message. */
export const textOf = ({ content }: Pick<ChatMessage, 'content'>): string =>
  typeof content === 'string' ? content : content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
