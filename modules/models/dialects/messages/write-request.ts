import { asksNothing } from '../asks-nothing.ts';
import type { ChatBody, Json, WriteOptions } from '../contract.ts';
import { entryOf, fieldsOf, isJson, objectsOf, textOf } from '../json.ts';
import { createRefusal, type Refuse } from '../refuse.ts';
import { signedThinkingOf, writeMessages, writeSystem } from './write-messages.ts';
import { writeTools } from './write-tools.ts';

/** Tokens of an answer where neither the request nor the configuration says. */
const USUAL_OUTPUT = 4_096;
/** Fewer tokens of thinking are refused. */
const LEAST_THINKING = 1_024;

/** Fields that are translated, or only say where to keep or count something. */
const understood = new Set(
  `model messages stream stream_options max_tokens max_completion_tokens temperature top_p stop tools tool_choice
   parallel_tool_calls response_format user reasoning_effort x_anthropic safety_identifier prompt_cache_key
   prompt_cache_retention prompt_cache_options`.split(/\s+/),
);

function refuseOthers(body: Json, refuse: Refuse): void {
  for (const [name, value] of Object.entries(body))
    if (!understood.has(name) && !asksNothing(name, value)) refuse(name);
}

/** Texts of only white space are refused by Anthropic. */
function writeStop(stop: unknown, refuse: Refuse): Json {
  const texts = (Array.isArray(stop) ? stop : [stop]).map(textOf).filter((text) => text !== '');
  const sequences = texts.filter((text) => text.trim() !== '');
  if (sequences.length < texts.length) refuse('stop');
  return sequences.length > 0 ? { stop_sequences: sequences } : {};
}

/** What only this format can say, and costs nothing besides the tokens. */
const extras = new Set(['top_k', 'service_tier', 'cache_control', 'output_config']);

function writeExtras(body: Json, refuse: Refuse): Json {
  const asked = Object.entries(fieldsOf(body.x_anthropic));
  for (const [name] of asked) if (!extras.has(name) && name !== 'thinking') refuse(name);
  return Object.fromEntries(asked.filter(([name]) => extras.has(name)));
}

const budgets: Readonly<Record<string, number>> = {
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 32_768,
  max: 65_536,
};

/** Whether the model is in the middle of calls that it did not think about, where thinking cannot begin. */
function isWithinCalls(messages: readonly Json[]): boolean {
  const last = messages.findLast(({ role }) => role === 'assistant' || role === 'user');
  return messages.at(-1)?.role === 'tool' && last !== undefined && signedThinkingOf(last).length === 0;
}

function writeThinking(body: Json, isForced: boolean, maxTokens: number, refuse: Refuse): Json | undefined {
  const { thinking } = fieldsOf(body.x_anthropic);
  if (isJson(thinking)) return thinking;
  const wanted = entryOf(budgets, body.reasoning_effort);
  if (wanted === undefined) return undefined;
  if (isForced) {
    refuse('reasoning_effort');
    return undefined;
  }
  const budget = Math.min(wanted, Math.floor(maxTokens / 2));
  if (budget < LEAST_THINKING || isWithinCalls(objectsOf(body.messages))) return undefined;
  return { type: 'enabled', budget_tokens: budget };
}

const firstNumber = (...values: unknown[]): number | undefined =>
  values.find((value) => typeof value === 'number') as number | undefined;

/** A model that thinks takes no temperature. */
function writeSampling(body: Json, thinking: Json | undefined): Json {
  if (thinking && thinking.type !== 'disabled') return {};
  const { temperature, top_p: topP } = body;
  return {
    ...(typeof temperature === 'number' && { temperature: Math.min(temperature, 1) }),
    ...(typeof topP === 'number' && { top_p: topP }),
  };
}

/**
 * A chat completion as a request of Anthropic's messages. The form of an answer becomes a tool that the model must call.
 * @throws Problem unsupported-parameter; invalid-request, see `writeMessages`
 */
export function writeMessagesRequest(body: ChatBody, options: WriteOptions): Json {
  const { model, stream, maxOutput, drop } = options;
  const request = body as Json;
  const refuse = createRefusal(drop);
  refuseOthers(request, refuse);
  const messages = objectsOf(request.messages);
  const maxTokens = firstNumber(request.max_completion_tokens, request.max_tokens, maxOutput) ?? USUAL_OUTPUT;
  const { fields, isForced } = writeTools(request, refuse);
  const thinking = writeThinking(request, isForced, maxTokens, refuse);
  const system = writeSystem(messages, refuse);
  return {
    ...writeExtras(request, refuse),
    model,
    max_tokens: maxTokens,
    ...(system !== undefined && { system }),
    messages: writeMessages(messages, refuse),
    ...fields,
    ...writeSampling(request, thinking),
    ...writeStop(request.stop, refuse),
    ...(textOf(request.user) !== '' && { metadata: { user_id: request.user } }),
    ...(thinking && { thinking }),
    stream,
  };
}
