import { refuseExtras } from '../anthropic-extras.ts';
import { asksNothing } from '../asks-nothing.ts';
import type { ChatBody, Json, WriteOptions } from '../contract.ts';
import { fieldsOf, isJson, isSet, objectsOf, pick, textOf } from '../json.ts';
import { createRefusal, type Refuse, refuseChatOnly } from '../refuse.ts';

/** Fewer tokens of an answer are refused. */
const LEAST_OUTPUT = 16;

function writePart(part: Json, path: string, isAnswer: boolean, refuse: Refuse): Json[] {
  if (part.type === 'text') return [{ type: isAnswer ? 'output_text' : 'input_text', text: part.text }];
  if (part.type === 'refusal') return [{ type: 'refusal', refusal: part.refusal }];
  const image = isJson(part.image_url) ? part.image_url : undefined;
  if (part.type === 'image_url' && image)
    return [{ type: 'input_image', image_url: image.url, detail: image.detail ?? 'auto' }];
  if (part.type === 'file' && isJson(part.file)) return [{ type: 'input_file', ...part.file }];
  refuse(`${path}.type`);
  return [];
}

function writeContent(content: unknown, path: string, isAnswer: boolean, refuse: Refuse): unknown {
  if (!Array.isArray(content)) return content;
  return objectsOf(content).flatMap((part, index) => writePart(part, `${path}[${index}]`, isAnswer, refuse));
}

/** With a refusal next to it as its last part. */
function contentOf({ content, refusal }: Json): unknown {
  if (textOf(refusal) === '') return content;
  const said = typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : objectsOf(content);
  return [...said, { type: 'refusal', refusal }];
}

function writeAssistant(message: Json, path: string, refuse: Refuse): Json[] {
  refuseChatOnly(message, path, refuse);
  const calls = objectsOf(message.tool_calls).flatMap((call, index): Json[] => {
    if (!isJson(call.function)) {
      refuse(`${path}.tool_calls[${index}].type`);
      return [];
    }
    const { name, arguments: text } = call.function;
    return [{ type: 'function_call', call_id: call.id, name, arguments: text }];
  });
  const said = writeContent(contentOf(message), `${path}.content`, true, refuse);
  return [...(isSet(said) && said !== '' ? [{ role: 'assistant', content: said }] : []), ...calls];
}

function writeItems(message: Json, index: number, refuse: Refuse): Json[] {
  const path = `messages[${index}]`;
  const content = () => writeContent(message.content, `${path}.content`, false, refuse);
  if (message.role === 'assistant') return writeAssistant(message, path, refuse);
  if (message.role === 'tool')
    return [{ type: 'function_call_output', call_id: message.tool_call_id, output: content() }];
  if (message.role !== 'function') return [{ role: message.role, content: content() }];
  refuse(`${path}.role`);
  return [];
}

function writeTool(tool: Json, index: number, refuse: Refuse): Json[] {
  if (!isJson(tool.function)) {
    refuse(`tools[${index}].type`);
    return [];
  }
  const { parameters = null, strict = false, ...named } = tool.function;
  return [{ type: 'function', ...named, parameters, strict }];
}

function writeToolChoice(choice: unknown, refuse: Refuse): Json {
  if (typeof choice === 'string') return { tool_choice: choice };
  if (isJson(choice) && isJson(choice.function))
    return { tool_choice: { type: 'function', name: choice.function.name } };
  refuse('tool_choice');
  return {};
}

function writeText(body: Json): Json {
  const format = body.response_format;
  const text = {
    ...(isJson(format) && { format: { type: format.type, ...fieldsOf(format.json_schema) } }),
    ...(isSet(body.verbosity) && { verbosity: body.verbosity }),
  };
  return Object.keys(text).length > 0 ? { text } : {};
}

/** Fields that are the same here, and those that are translated. */
const same = `temperature top_p parallel_tool_calls user service_tier safety_identifier prompt_cache_key
   prompt_cache_retention metadata`.split(/\s+/);
const translated = new Set(
  `model messages stream stream_options max_tokens max_completion_tokens tools tool_choice response_format verbosity
   reasoning_effort x_anthropic`.split(/\s+/),
);

function refuseOthers(body: Json, refuse: Refuse): void {
  for (const [name, value] of Object.entries(body))
    if (!same.includes(name) && !translated.has(name) && !asksNothing(name, value)) refuse(name);
  refuseExtras(body, refuse);
}

/**
 * A chat completion as a request of OpenAI's responses, of which nothing is stored.
 * @throws Problem unsupported-parameter
 */
export function writeResponsesRequest(body: ChatBody, { model, stream, drop }: WriteOptions): Json {
  const request = body as Json;
  const refuse = createRefusal(drop);
  refuseOthers(request, refuse);
  const limit = request.max_completion_tokens ?? request.max_tokens;
  const tools = objectsOf(request.tools).flatMap((tool, index) => writeTool(tool, index, refuse));
  return {
    model,
    input: objectsOf(request.messages).flatMap((message, index) => writeItems(message, index, refuse)),
    ...pick(request, same),
    ...(typeof limit === 'number' && { max_output_tokens: Math.max(limit, LEAST_OUTPUT) }),
    ...(tools.length > 0 && { tools }),
    ...(isSet(request.tool_choice) && writeToolChoice(request.tool_choice, refuse)),
    ...writeText(request),
    ...(isSet(request.reasoning_effort) && { reasoning: { effort: request.reasoning_effort } }),
    store: false,
    stream,
  };
}
