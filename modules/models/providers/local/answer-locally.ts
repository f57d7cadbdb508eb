import { randomUUID } from 'node:crypto';
import type { ChatMessage } from '../../chat/chat-model.ts';
import { estimateTokens, estimateUsage } from '../../chat/estimate-tokens.ts';
import { piecesOf } from '../../chat/pieces.ts';
import type { Json } from '../../dialects/contract.ts';
import { isJson } from '../../dialects/json.ts';
import { embedLocally } from './embed-locally.ts';
import { repeatSentences } from './repeat-sentences.ts';

const DEFAULT_DIMENSIONS = 384;
const MOST_DIMENSIONS = 4096;

/** What a server would answer: a body, or the data of events. */
interface LocalAnswer {
  status: number;
  json?: Json;
  events?: string[];
}

/** @param path of OpenAI's API */
export function answerLocally(path: string, body: Json): LocalAnswer {
  return path.endsWith('/embeddings') ? embed(body) : chat(body);
}

function chat(body: Json): LocalAnswer {
  const messages = readMessages(body.messages);
  if (!messages) return refuse('messages', 'must be a list of messages with a role and text');
  if (typeof body.n === 'number' && body.n !== 1) return refuse('n', 'must be 1: there is one answer');
  const text = repeatSentences(messages);
  const { promptTokens, completionTokens } = estimateUsage(messages, text);
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: body.model };
  if (body.stream !== true) {
    const message = { role: 'assistant', content: text, refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
    return { status: 200, json: { ...head, object: 'chat.completion', choices, usage } };
  }
  const chunk = (delta: Json, finish: string | null = null) => ({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const wantsUsage = isJson(body.stream_options) && body.stream_options.include_usage === true;
  const chunks = [
    chunk({ role: 'assistant', content: '' }),
    ...piecesOf(text).map((content) => chunk({ content })),
    chunk({}, 'stop'),
    ...(wantsUsage ? [{ ...head, object: 'chat.completion.chunk', choices: [], usage }] : []),
  ];
  return { status: 200, events: [...chunks.map((each) => JSON.stringify(each)), '[DONE]'] };
}

/** Text and roles; undefined for what is no conversation. */
function readMessages(value: unknown): ChatMessage[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const messages = value.map((message): ChatMessage | undefined => {
    if (!isJson(message) || typeof message.role !== 'string') return undefined;
    const content = textOf(message.content);
    if (message.role === 'assistant') return { role: 'assistant', content };
    return { role: message.role === 'system' || message.role === 'developer' ? 'system' : 'user', content };
  });
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? content.filter(isJson) : [];
  return parts.map(({ text }) => (typeof text === 'string' ? text : '')).join('\n');
}

function embed({ input, model, dimensions = DEFAULT_DIMENSIONS }: Json): LocalAnswer {
  const texts = typeof input === 'string' ? [input] : input;
  if (!Array.isArray(texts) || texts.length === 0 || !texts.every((text) => typeof text === 'string')) {
    return refuse('input', 'must be a text or a list of texts: there is no tokenizer');
  }
  const count = Number(dimensions);
  if (!Number.isInteger(count) || count < 1 || count > MOST_DIMENSIONS) {
    return refuse('dimensions', `must be a number from 1 to ${MOST_DIMENSIONS}`);
  }
  const data = texts.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: Array.from(embedLocally(text, count)),
  }));
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
  return {
    status: 200,
    json: { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } },
  };
}

const refuse = (param: string, message: string): LocalAnswer => ({
  status: 400,
  json: { error: { message: `"${param}" ${message}`, type: 'invalid_request_error', param, code: 'invalid_value' } },
});
