import type { Json } from '../contract.ts';
import { entryOf, isSet, textOf } from '../json.ts';
import { readChatUsage, writeResponsesUsage } from '../token-count.ts';
import { keepThinking } from './kept-thinking.ts';

/** OpenAI's identifiers of responses begin with `resp_`. */
export const responseId = (id: unknown): string => (textOf(id).startsWith('resp_') ? textOf(id) : `resp_${textOf(id)}`);

/** What every response has, whatever became of it. */
export const responseBody = (fields: { id: string; createdAt: number; model: string }): Json => ({
  id: fields.id,
  object: 'response',
  created_at: fields.createdAt,
  status: 'in_progress',
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  model: fields.model,
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
  usage: null,
});

const reasons: Readonly<Record<string, string>> = { length: 'max_output_tokens', content_filter: 'content_filter' };

/** How a response ended. @param choice of a chat completion */
export function endOf(choice: Json, usage: unknown): Json {
  const reason = entryOf(reasons, choice.finish_reason);
  const count = readChatUsage(usage);
  return {
    status: reason === undefined ? 'completed' : 'incomplete',
    incomplete_details: reason === undefined ? null : { reason },
    usage: count ? writeResponsesUsage(count) : null,
    ...(isSet(choice.x_stop_reason) && { x_stop_reason: choice.x_stop_reason }),
  };
}

/* Items of a response's output. `isDone` false: as they begin. */

export const reasoningItem = (id: string, text: string, thinking: readonly Json[]): Json => ({
  id,
  type: 'reasoning',
  summary: text === '' ? [] : [{ type: 'summary_text', text }],
  ...(thinking.length > 0 && { encrypted_content: keepThinking(thinking) }),
});

export const textPart = (text: string): Json => ({ type: 'output_text', text, annotations: [], logprobs: [] });
export const refusalPart = (refusal: string): Json => ({ type: 'refusal', refusal });

export const messageItem = (id: string, status: string, content: Json[]): Json => ({
  id,
  type: 'message',
  role: 'assistant',
  status,
  content,
});

export const callItem = (id: string, status: string, call: { id: unknown; name: unknown; text: string }): Json => ({
  id,
  type: 'function_call',
  status,
  call_id: call.id,
  name: call.name,
  arguments: call.text,
});
