import {
  checkBooleans,
  checkDepth,
  checkInteger,
  checkNumber,
  checkObjects,
  checkStrings,
  needList,
  needObject,
  needOneOf,
  needText,
} from '../check-fields.ts';
import type { ChatBody, Json } from '../contract.ts';
import { isSet, pick } from '../json.ts';
import { readFunction, readTools } from '../read-tools.ts';
import { createRefusal, type Refuse, unsupported } from '../refuse.ts';
import { readInput } from './read-input.ts';

function readTool(tool: Json, path: string, refuse: Refuse): Json[] {
  if (needText(tool.type, `${path}.type`) !== 'function') {
    refuse(`${path}.type`);
    return [];
  }
  const { parameters } = tool;
  return [readFunction(tool, path, isSet(parameters) ? needObject(parameters, `${path}.parameters`) : undefined)];
}

function readToolChoice(choice: unknown, refuse: Refuse): Json {
  if (!isSet(choice)) return {};
  if (typeof choice === 'string')
    return { tool_choice: needOneOf(choice, 'body.tool_choice', ['none', 'auto', 'required']) };
  const { type, name } = needObject(choice, 'body.tool_choice');
  if (type === 'function')
    return { tool_choice: { type, function: { name: needText(name, 'body.tool_choice.name') } } };
  refuse('tool_choice.type');
  return {};
}

function readText(value: unknown): Json {
  const text = needObject(value, 'body.text');
  const verbosity = isSet(text.verbosity) ? { verbosity: needText(text.verbosity, 'body.text.verbosity') } : {};
  if (!isSet(text.format)) return verbosity;
  const { type, ...named } = needObject(text.format, 'body.text.format');
  needOneOf(type, 'body.text.format.type', ['text', 'json_object', 'json_schema']);
  if (type === 'text') return verbosity;
  if (type === 'json_object') return { ...verbosity, response_format: { type } };
  needText(named.name, 'body.text.format.name');
  needObject(named.schema, 'body.text.format.schema');
  return { ...verbosity, response_format: { type, json_schema: named } };
}

/** Fields that have a place of their own in a chat completion, or ask for nothing where nothing is kept. */
const translated = new Set(
  `model input instructions tools tool_choice text reasoning max_output_tokens stream stream_options temperature top_p
   parallel_tool_calls user service_tier safety_identifier prompt_cache_key prompt_cache_retention metadata include`.split(
    /\s+/,
  ),
);

/** What is kept at OpenAI, without which another answer would come. */
const kept = new Set(['previous_response_id', 'conversation', 'prompt', 'background']);

/** Values that ask for nothing. */
const harmless: Readonly<Record<string, unknown>> = {
  store: false,
  background: false,
  truncation: 'disabled',
  top_logprobs: 0,
};

function checkFields(body: Json, refuse: Refuse): void {
  needText(body.model, 'body.model');
  checkInteger(body, 'max_output_tokens', 1);
  checkNumber(body, 'temperature', 0, 2);
  checkNumber(body, 'top_p', 0, 1);
  checkBooleans(body, ['stream', 'parallel_tool_calls', 'store', 'background']);
  checkStrings(body, [
    'instructions',
    'user',
    'service_tier',
    'safety_identifier',
    'prompt_cache_key',
    'previous_response_id',
  ]);
  checkObjects(body, ['metadata', 'reasoning', 'stream_options']);
  for (const [name, value] of Object.entries(body)) {
    if (translated.has(name) || !isSet(value) || harmless[name] === value) continue;
    if (kept.has(name)) throw unsupported(name);
    refuse(name);
  }
  const include = isSet(body.include) ? needList(body.include, 'body.include') : [];
  for (const [index, name] of include.entries())
    if (name !== 'reasoning.encrypted_content') refuse(`include[${index}]`);
}

const same = ['stream', 'temperature', 'top_p', 'parallel_tool_calls', 'user', 'service_tier'];

/**
 * A request of OpenAI's responses as a chat completion. Its `metadata` are notes on what is stored, and nothing is.
 * @throws Problem invalid-request naming the place; unsupported-parameter for what is kept at OpenAI or run there
 */
export function readResponsesRequest(body: Json, drop?: Refuse): ChatBody {
  const refuse = createRefusal(drop);
  checkDepth(body);
  checkFields(body, refuse);
  const instructions = isSet(body.instructions) ? [{ role: 'system', content: body.instructions }] : [];
  const effort = isSet(body.reasoning) ? needObject(body.reasoning, 'body.reasoning').effort : undefined;
  return {
    model: body.model,
    messages: [...instructions, ...readInput(body.input, refuse)],
    ...pick(body, same),
    ...(isSet(body.max_output_tokens) && { max_completion_tokens: body.max_output_tokens }),
    ...readTools(body, (tool, path) => readTool(tool, path, refuse), readToolChoice(body.tool_choice, refuse)),
    ...(isSet(body.text) && readText(body.text)),
    ...(isSet(effort) && { reasoning_effort: needText(effort, 'body.reasoning.effort') }),
  } as unknown as ChatBody;
}
