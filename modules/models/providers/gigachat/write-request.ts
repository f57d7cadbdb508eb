import { asksNothing } from '../../dialects/asks-nothing.ts';
import type { ChatBody, Json, WriteOptions } from '../../dialects/contract.ts';
import { entryOf, isJson, isSet, objectsOf, textOf } from '../../dialects/json.ts';
import { createRefusal, type Refuse } from '../../dialects/refuse.ts';
import { writeFunctionName } from './function-names.ts';
import { mapParameters } from './map-schema.ts';
import { writeMessages } from './write-messages.ts';

/** Fields that are translated, or only say where to keep or count something. */
const understood = new Set(
  `model messages stream stream_options max_tokens max_completion_tokens temperature top_p n tools tool_choice parallel_tool_calls
  response_format user reasoning_effort metadata safety_identifier prompt_cache_key prompt_cache_retention x_anthropic x_gigachat`.split(
    /\s+/,
  ),
);
/** GigaChat's own, which pass as they are. */
const own = ['repetition_penalty', 'profanity_check', 'update_interval', 'flags'] as const;

/**
 * A chat completion as a request of GigaChat's first API, whose pictures are still data URLs.
 * @throws Problem unsupported-parameter; invalid-request, see `writeMessages`
 */
export function writeGigaChatRequest(body: ChatBody, { model, stream, drop }: WriteOptions): Json {
  const request = body as Json;
  const refuse = createRefusal(drop);
  refuseOthers(request, refuse);
  const limit = request.max_completion_tokens ?? request.max_tokens;
  return {
    model,
    messages: writeMessages(objectsOf(request.messages), refuse),
    ...writeFunctions(request, refuse),
    ...writeSampling(request),
    ...(isSet(limit) && { max_tokens: limit }),
    ...writeFormat(request.response_format, refuse),
    ...writeEffort(request.reasoning_effort),
    ...Object.fromEntries(own.filter((name) => isSet(request[name])).map((name) => [name, request[name]])),
    ...(isSet(request.prompt_cache_key) && { x_session_id: request.prompt_cache_key }),
    stream,
  };
}

function refuseOthers(body: Json, refuse: Refuse): void {
  for (const [name, value] of Object.entries(body)) {
    const isKnown = understood.has(name) || (own as readonly string[]).includes(name);
    if (!isKnown && !asksNothing(name, value)) refuse(name);
  }
  for (const [name, value] of Object.entries(isJson(body.x_anthropic) ? body.x_anthropic : {})) {
    if (isSet(value) && name !== 'thinking') refuse(name);
  }
}

/** Temperature 0 is refused; to take the most likely token is `top_p` 0 there. */
function writeSampling({ temperature, top_p: topP, n }: Json): Json {
  return {
    ...(temperature === 0 ? { top_p: 0 } : isSet(topP) && { top_p: topP }),
    ...(isSet(temperature) && temperature !== 0 && { temperature }),
    ...(isSet(n) && n !== 1 && { n }),
  };
}

function writeFunctions(body: Json, refuse: Refuse): Json {
  const functions = objectsOf(body.tools).flatMap((tool, index) => {
    if (isJson(tool.function)) {
      const { name, description, parameters } = tool.function;
      const named = { name: writeFunctionName(textOf(name)), ...(isSet(description) && { description }) };
      return [{ ...named, parameters: mapParameters(parameters) }];
    }
    refuse(`tools[${index}].type`);
    return [];
  });
  if (functions.length === 0) return {};
  return { functions, function_call: writeChoice(body.tool_choice, functions, refuse) };
}

/** Only one function can be forced, by its name. */
function writeChoice(choice: unknown, functions: readonly { name: string }[], refuse: Refuse): string | Json {
  if (choice === 'none') return 'none';
  if (isJson(choice) && isJson(choice.function)) return { name: writeFunctionName(textOf(choice.function.name)) };
  const [only] = functions;
  if (choice === 'required' && only && functions.length === 1) return { name: only.name };
  if (isSet(choice) && choice !== 'auto') refuse('tool_choice');
  return 'auto';
}

function writeFormat(format: unknown, refuse: Refuse): Json {
  if (!isJson(format) || format.type === 'text') return {};
  if (format.type === 'json_object') return { response_format: { type: 'json_object' } };
  if (format.type === 'json_schema' && isJson(format.json_schema)) {
    const { schema, strict } = format.json_schema;
    return {
      response_format: {
        type: 'json_schema',
        schema: mapParameters(schema),
        ...(typeof strict === 'boolean' && { strict }),
      },
    };
  }
  refuse('response_format');
  return {};
}

const efforts: Readonly<Record<string, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
};

/** Its three levels; a caller that wants no reasoning gets a model without. */
const writeEffort = (effort: unknown): Json => {
  const level = entryOf(efforts, effort);
  return level === undefined ? {} : { reasoning_effort: level };
};
